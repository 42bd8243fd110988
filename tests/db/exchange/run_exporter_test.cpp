#include "db/exchange/run_exporter.h"

#include <gtest/gtest.h>

#include <limits>

#include "db/record_json.h"
#include "db/store.h"
#include "tests/support/temporary_folder.h"

namespace epochal::store {
namespace {

TEST(FileNames, NamesThatDifferGetFilesThatDiffer) {
  const std::set<std::string> names{"a_b",
                                    "a/b",
                                    "a:b",
                                    "a_b_2",
                                    "..",
                                    "_..",
                                    "",
                                    "\n",
                                    std::string(300, 'x'),
                                    std::string(301, 'x')};
  const auto files = file_names_for(names);
  ASSERT_EQ(files.size(), names.size());
  EXPECT_EQ(files.at("a_b"), "a_b") << "what can be a file's name stays";
  EXPECT_EQ(files.at("a_b_2"), "a_b_2");
  EXPECT_EQ(files.at("a/b"), "a_b_3");
  std::set<std::string> distinct;
  for (const auto& [name, file] : files) {
    distinct.insert(file);
    EXPECT_FALSE(file.empty());
    EXPECT_EQ(file.find('/'), std::string::npos);
    EXPECT_NE(file, "..");
  }
  EXPECT_EQ(distinct.size(), names.size());
}

/// A run of a store that nobody has written with epochal.
WholeRun run_of_all_times(Timestamp at) {
  WholeRun whole;
  whole.run.identity = std::string(64, 'a');
  whole.run.experiment = "noop";
  whole.run.created_at = at;
  whole.run.started_at = at;
  whole.run.ended_at = at;
  EpochRecord epoch;
  epoch.number = 1;
  epoch.started_at = at;
  epoch.seconds = Seconds(at);
  epoch.metrics["loss"] = at;
  whole.epochs.push_back(epoch);
  return whole;
}

TEST(RunExporter, TimesThatNoClockShowsAreWritten) {
  for (const double at : {1e300, -1e300, 9.3e18, std::numeric_limits<double>::infinity()}) {
    const test::TemporaryFolder folder;
    const WholeRun whole = run_of_all_times(at);
    const test::TemporaryFolder store;
    Store(store.path());
    for (const auto& make : {make_tensorboard_exporter, make_mlflow_exporter}) {
      const auto exporter =
          make({folder.path(), folder.path(), store.path(), std::vector{whole.run}});
      exporter->add(whole);
      exporter->finish();
    }
    EXPECT_FALSE(std::filesystem::is_empty(folder.path()));
  }
}

TEST(JsonExporter, InfinitiesOfAnEpochAreTexts) {
  EpochRecord epoch;
  epoch.learning_rate = std::numeric_limits<double>::infinity();
  epoch.cpu_use = 0.5;
  const RecordJson json = epoch_json(epoch);
  EXPECT_EQ(json["learning_rate"], "inf");
  EXPECT_EQ(json["cpu_use"], 0.5);
}

}  // namespace
}  // namespace epochal::store
