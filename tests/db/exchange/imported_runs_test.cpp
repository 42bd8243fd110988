#include "db/exchange/imported_runs.h"

#include <gtest/gtest.h>

#include "db/query.h"
#include "tests/support/expect_error.h"
#include "tests/support/foreign_stores.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

/// A tool, a store of it with two runs, and a way to damage the second one.
struct Tool {
  std::string name;
  std::string path;
  void (*write)(const fs::path& path);
  ImportedRuns (*read)(const fs::path& path);
  void (*damage)(const fs::path& path);
};

void flip_middle(const fs::path& file) {
  std::string bytes = test::read_file(file);
  bytes[bytes.size() / 2] ^= 0x55;
  test::write_file(file, bytes);
}

void execute(const fs::path& file, const std::string& sql) {
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(sql);
}

const std::vector<Tool>& tools() {
  static const std::vector<Tool> kTools{
      {"tensorboard", "logs", test::write_tensorboard_logs, tensorboard_runs,
       [](const fs::path& path) { flip_middle(path / "two/events.out.tfevents.1.host"); }},
      {"wandb", "wandb", test::write_wandb_runs, wandb_runs,
       [](const fs::path& path) { flip_middle(path / "two/run-two.wandb"); }},
      {"optuna", "optuna.db", test::write_optuna_database, optuna_runs,
       [](const fs::path& path) {
         execute(path, "update trials set state = 'ODD' where trial_id = 2");
       }},
      {"mlflow", "mlflow.db", test::write_mlflow_database, mlflow_runs, [](const fs::path& path) {
         execute(path, "update params set key = printf('%.300c', 'x') where run_uuid like '2%'");
       }}};
  return kTools;
}

/// What a store has, to compare.
std::string content_of(const fs::path& folder) {
  const Query query(folder);
  std::string text;
  for (const RunRecord& run : query.runs()) {
    text += fmt::format("{} {} {} {}", run.identity, name_of(run.status), run.created_at,
                        query.tags(run.id).size());
    for (const EpochRecord& epoch : query.epochs(run.id)) {
      text += fmt::format(" {}", epoch.number);
      for (const auto& [name, value] : epoch.metrics) text += fmt::format(" {}={}", name, value);
    }
    text += "\n";
  }
  return text;
}

TEST(ImportedRuns, HaveParametersStatesAndValuesByEpoch) {
  for (const Tool& tool : tools()) {
    const test::TemporaryFolder folder;
    tool.write(folder / tool.path);

    const ImportedRuns found = tool.read(folder / tool.path);

    ASSERT_EQ(found.runs.size(), 2u) << tool.name;
    EXPECT_TRUE(found.damaged.empty()) << tool.name;
    const WholeRun& whole = found.runs[0].whole;
    EXPECT_EQ(whole.run.status, RunStatus::finished) << tool.name;
    ASSERT_EQ(whole.epochs.size(), 2u) << tool.name;
    const std::string metric = tool.name == "optuna" ? "intermediate_value" : "loss";
    EXPECT_EQ(whole.epochs[0].metrics.at(metric), 1) << tool.name;
    EXPECT_EQ(whole.epochs[1].metrics.at(metric), 0.5) << tool.name;
    if (tool.name == "tensorboard") continue;  // scalars alone
    ASSERT_NE(whole.run.parameters.find("lr"), nullptr) << tool.name;
    EXPECT_EQ(to_text(*whole.run.parameters.find("lr")), "0.1") << tool.name;
  }
}

TEST(ImportedRuns, ADamagedRunCostsThatRunAlone) {
  for (const Tool& tool : tools()) {
    const test::TemporaryFolder folder;
    tool.write(folder / tool.path);
    tool.damage(folder / tool.path);

    const ImportedRuns found = tool.read(folder / tool.path);

    EXPECT_EQ(found.runs.size(), 1u) << tool.name;
    ASSERT_EQ(found.damaged.size(), 1u) << tool.name;
    EXPECT_NE(found.damaged[0].find(tool.path), std::string::npos) << found.damaged[0];
  }
}

TEST(ImportedRuns, ImportedTwiceNothingChanges) {
  for (const Tool& tool : tools()) {
    const test::TemporaryFolder folder;
    tool.write(folder / tool.path);
    Store store(folder / "store");
    ImportedRuns first = tool.read(folder / tool.path);
    import_into(store, first);
    const std::string before = content_of(folder / "store");

    ImportedRuns again = tool.read(folder / tool.path);
    import_into(store, again);

    EXPECT_NE(before, "") << tool.name;
    EXPECT_EQ(content_of(folder / "store"), before) << tool.name;
  }
}

TEST(ImportedRuns, ALogThatIsStillWrittenLosesItsLastRecordAlone) {
  const test::TemporaryFolder folder;
  const std::string events = test::scalar_event("loss", 0, 1) + test::scalar_event("loss", 1, 2);
  test::write_file(folder / "a.tfevents", events.substr(0, events.size() - 3));
  const std::string log = test::wandb_log("one");
  test::write_file(folder / "a.wandb", log.substr(0, log.size() - 3));

  for (const ImportedRuns& found :
       {tensorboard_runs(folder / "a.tfevents"), wandb_runs(folder / "a.wandb")}) {
    ASSERT_EQ(found.runs.size(), 1u);
    ASSERT_EQ(found.left_out.size(), 1u);
    EXPECT_NE(found.left_out[0].find("the last record is cut off"), std::string::npos);
  }
}

TEST(ImportedRuns, WhatIsOfNoneOfTheToolsIsRefused) {
  const test::TemporaryFolder folder;
  for (const Tool& tool : tools()) {
    EXPECT_NE(test::error_of([&] { tool.read(folder.path()); }), "") << tool.name;
  }
}

}  // namespace
}  // namespace epochal::store
