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
