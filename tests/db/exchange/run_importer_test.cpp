#include "db/exchange/run_importer.h"

#include <gtest/gtest.h>

#include "db/exchange/imported_runs.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal::store {
namespace {

using test::expect_error;

TEST(RunImporter, RefusesLongNamesOfColumns) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "table.csv",
                   "run,epoch,metrics." + std::string(1000, 'x') + "\na,1,0.5\n");
  expect_error("table.csv:1: the name 'metrics.xxx", [&] { runs_from_csv(folder / "table.csv"); });
}

std::string identity_in_csv(const std::filesystem::path& file, const std::string& text) {
  test::write_file(file, text);
  return runs_from_csv(file).at(0).run.identity;
}

TEST(RunImporter, TablesOfTwoProjectsHaveOtherRuns) {
  const test::TemporaryFolder folder;
  const std::string text = "run,epoch,metrics.loss\n1,1,0.5\n";
  const std::string one = identity_in_csv(folder / "a/x.csv", text);
  EXPECT_NE(one, identity_in_csv(folder / "b/x.csv", text));
  EXPECT_EQ(one, identity_in_csv(folder / "b/../a/x.csv", text + "1,2,0.25\n"));
}

TEST(RunImporter, ATableThatSaysWhenRunsWereCreatedMayMove) {
  const test::TemporaryFolder folder;
  const std::string text = "run,epoch,created,metrics.loss\n1,1,1800000000.5,0.5\n";
  const std::string one = identity_in_csv(folder / "a/x.csv", text);
  EXPECT_EQ(one, identity_in_csv(folder / "b/x.csv", text));
  EXPECT_NE(one, identity_in_csv(folder / "b/x.csv",
                                 "run,epoch,created,metrics.loss\n1,1,1800000060.5,0.5\n"));
}

TEST(RunImporter, RefusesLongNamesOfMetricFiles) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "meta.yaml", "run_id: r\n");
  test::write_file(folder.path() / "metrics" / std::string(200, 'x') / std::string(200, 'y'),
                   "1 0.5 0\n");
  const store::ImportedRuns found = store::mlflow_runs(folder.path());
  ASSERT_EQ(found.damaged.size(), 1u);
  EXPECT_NE(found.damaged[0].find("is longer than 250 bytes"), std::string::npos);
}

}  // namespace
}  // namespace epochal::store
