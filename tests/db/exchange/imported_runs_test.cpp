#include "db/exchange/imported_runs.h"

#include <gtest/gtest.h>

#include <limits>

#include "db/query.h"
#include "tests/support/expect_error.h"
#include "tests/support/foreign_stores.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

/// A tool, a store of it with two runs, a way to damage the second one, and one to go on with the
/// first one: it gets a value.
struct Tool {
  std::string name;
  std::string path;
  void (*write)(const fs::path& path);
  ImportedRuns (*read)(const fs::path& path);
  void (*damage)(const fs::path& path);
  void (*grow)(const fs::path& path);
};

void flip_middle(const fs::path& file) {
  std::string bytes = test::read_file(file);
  bytes[bytes.size() / 2] ^= 0x55;
  test::write_file(file, bytes);
}

void execute(const fs::path& file, const std::string& sql) {
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(sql);
}

void append(const fs::path& file, const std::string& bytes) {
  test::write_file(file, test::read_file(file) + bytes);
}

const std::vector<Tool>& tools() {
  static const std::vector<Tool> kTools{
      {"tensorboard", "logs", [](const fs::path& path) { test::write_tensorboard_logs(path); },
       tensorboard_runs,
       [](const fs::path& path) { flip_middle(path / "two/events.out.tfevents.1.host"); },
       [](const fs::path& path) {
         append(path / "one/events.out.tfevents.1.host", test::scalar_event("loss", 2, 0.25));
       }},
      {"wandb", "wandb", test::write_wandb_runs, wandb_runs,
       [](const fs::path& path) { flip_middle(path / "two/run-two.wandb"); },
       [](const fs::path& path) {
         std::string log = test::read_file(path / "one/run-one.wandb");
         test::add_wandb_history(log, 2, {{"loss", "0.25"}});
         test::write_file(path / "one/run-one.wandb", log);
       }},
      {"optuna", "optuna.db", test::write_optuna_database, optuna_runs,
       [](const fs::path& path) {
         execute(path, "update trials set state = 'ODD' where trial_id = 2");
       },
       [](const fs::path& path) {
         execute(path, "insert into trial_intermediate_values values (1, 2, 0.25, 'FINITE')");
       }},
      {"mlflow", "mlflow.db", test::write_mlflow_database, mlflow_runs,
       [](const fs::path& path) {
         execute(path, "update params set key = printf('%.300c', 'x') where run_uuid like '2%'");
       },
       [](const fs::path& path) {
         execute(
             path,
             "insert into metrics select key, 0.25, timestamp, run_uuid, 2, is_nan from metrics "
             "where run_uuid like '1%' and step = 1");
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
  const std::string log = test::wandb_log({"one"});
  test::write_file(folder / "a.wandb", log.substr(0, log.size() - 3));

  for (const ImportedRuns& found :
       {tensorboard_runs(folder / "a.tfevents"), wandb_runs(folder / "a.wandb")}) {
    ASSERT_EQ(found.runs.size(), 1u);
    ASSERT_EQ(found.left_out.size(), 1u);
    EXPECT_NE(found.left_out[0].find("the last record is cut off"), std::string::npos);
  }
}

TEST(ImportedRuns, FromAnotherPathAndAfterTheyHaveGrownTheyAreTheSameRuns) {
  for (const Tool& tool : tools()) {
    const test::TemporaryFolder folder;
    tool.write(folder / "old" / tool.path);
    Store store(folder / "store");
    ImportedRuns first = tool.read(folder / "old" / tool.path);
    import_into(store, first);
    const std::string before = content_of(folder / "store");

    fs::copy(folder / "old", folder / "moved", fs::copy_options::recursive);
    ImportedRuns moved = tool.read(folder / "moved" / tool.path);
    import_into(store, moved);
    EXPECT_EQ(content_of(folder / "store"), before) << tool.name;

    tool.grow(folder / "moved" / tool.path);
    ImportedRuns grown = tool.read(folder / "moved" / tool.path);
    import_into(store, grown);
    const Query query(folder / "store");
    ASSERT_EQ(query.runs().size(), 2u) << tool.name;
    bool has_grown = false;
    for (const RunRecord& run : query.runs()) {
      has_grown = has_grown || query.epochs(run.id).size() == 3;
    }
    EXPECT_TRUE(has_grown) << tool.name;
  }
}

/// How many runs a store has after both are imported.
std::size_t runs_of_both(ImportedRuns one, ImportedRuns other) {
  const test::TemporaryFolder folder;
  Store store(folder / "store");
  import_into(store, one);
  import_into(store, other);
  return Query(folder / "store").runs().size();
}

TEST(ImportedRuns, RunsOfTheSameNameInAnotherProjectAreOthers) {
  const test::TemporaryFolder folder;
  test::write_tensorboard_logs(folder / "a/logs");
  test::write_tensorboard_logs(folder / "b/logs", test::kLogStart + 60);
  EXPECT_EQ(runs_of_both(tensorboard_runs(folder / "a/logs"), tensorboard_runs(folder / "b/logs")),
            4u);

  for (const char* name : {"a/optuna.db", "b/optuna.db"})
    test::write_optuna_database(folder / name);
  execute(folder / "b/optuna.db", "update trials set datetime_start = '2026-05-04 12:30:05.6'");
  EXPECT_EQ(runs_of_both(optuna_runs(folder / "a/optuna.db"), optuna_runs(folder / "b/optuna.db")),
            4u);

  test::write_file(folder / "a/run-x.wandb", test::wandb_log({.id = "x", .start = 1800000000}));
  test::write_file(folder / "b/run-x.wandb", test::wandb_log({.id = "x", .start = 1800000060}));
  EXPECT_EQ(
      runs_of_both(wandb_runs(folder / "a/run-x.wandb"), wandb_runs(folder / "b/run-x.wandb")), 2u);
}

TEST(ImportedRuns, WithoutATimeThePathTellsProjectsApart) {
  const test::TemporaryFolder folder;
  for (const char* name : {"a/optuna.db", "b/optuna.db"}) {
    test::write_optuna_database(folder / name);
    execute(folder / name, "update trials set datetime_start = null");
  }
  for (const char* name : {"a", "b"}) {
    test::write_tensorboard_logs(folder / name / "logs", -10);
  }

  EXPECT_EQ(runs_of_both(optuna_runs(folder / "a/optuna.db"), optuna_runs(folder / "b/optuna.db")),
            4u);
  EXPECT_EQ(runs_of_both(optuna_runs(folder / "a/optuna.db"), optuna_runs(folder / "a/optuna.db")),
            2u);
  EXPECT_EQ(runs_of_both(tensorboard_runs(folder / "a/logs"), tensorboard_runs(folder / "b/logs")),
            4u);
}

TEST(ImportedRuns, TwoRunsThatCannotBeToldApartAreSaid) {
  const test::TemporaryFolder folder;
  test::write_wandb_runs(folder / "wandb");
  ImportedRuns found = wandb_runs(folder / "wandb");
  ImportedRuns again = wandb_runs(folder / "wandb");
  found.runs.push_back(std::move(again.runs.front()));
  Store store(folder / "store");

  import_into(store, found);

  EXPECT_EQ(found.runs.size(), 2u);
  EXPECT_EQ(found.left_out,
            (std::vector<std::string>{"the run 'one' is there twice: only the last is imported"}));
}

TEST(ImportedRuns, LogsOfAResumedRunOfWandbAreOneRun) {
  const test::TemporaryFolder folder;
  // The order is that of time, not that of the folders' names.
  test::write_file(folder / "wandb/b/run-abc.wandb",
                   test::wandb_log({.id = "abc",
                                    .start = 1800000000,
                                    .losses = {{0, "9"}, {1, "8"}, {2, "7"}, {3, "6"}, {4, "5"}},
                                    .exit_code = 1}));
  test::write_file(
      folder / "wandb/a/run-abc.wandb",
      test::wandb_log(
          {.id = "abc", .start = 1800000600, .losses = {{5, "4"}, {6, "3"}, {7, "2"}}}));

  const ImportedRuns found = wandb_runs(folder / "wandb");

  ASSERT_EQ(found.runs.size(), 1u);
  EXPECT_TRUE(found.left_out.empty());
  const WholeRun& whole = found.runs[0].whole;
  ASSERT_EQ(whole.epochs.size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(whole.epochs[i].metrics.at("loss"), 9 - static_cast<double>(i)) << i;
  }
  EXPECT_EQ(whole.run.status, RunStatus::finished);
  EXPECT_EQ(whole.run.started_at, 1800000000);
  const ImportedRuns first = wandb_runs(folder / "wandb/b");
  ASSERT_EQ(first.runs.size(), 1u);
  EXPECT_EQ(first.runs[0].whole.run.identity, whole.run.identity);
}

TEST(ImportedRuns, StepsInTwoLogsOfAResumedRunAreSaid) {
  const test::TemporaryFolder folder;
  test::write_file(
      folder / "wandb/a/run-abc.wandb",
      test::wandb_log({.id = "abc", .start = 1800000000, .losses = {{0, "9"}, {1, "8"}}}));
  test::write_file(
      folder / "wandb/b/run-abc.wandb",
      test::wandb_log({.id = "abc", .start = 1800000600, .losses = {{1, "7"}, {2, "6"}}}));

  const ImportedRuns found = wandb_runs(folder / "wandb");

  ASSERT_EQ(found.runs.size(), 1u);
  EXPECT_EQ(found.runs[0].whole.epochs.at(1).metrics.at("loss"), 7);
  ASSERT_EQ(found.left_out.size(), 1u);
  EXPECT_NE(found.left_out[0].find(
                "the log begins at step 1, but an earlier log of the run goes to step 1"),
            std::string::npos)
      << found.left_out[0];
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(ImportedRuns, DeepJsonInOptunaCostsItsRunAlone) {
  const test::TemporaryFolder folder;
  test::write_optuna_database(folder / "optuna.db");
  const std::string deep = nested(400'000);
  execute(folder / "optuna.db",
          fmt::format("insert into trial_user_attributes values (1, 'deep', '{0}');"
                      "insert into trial_params values (2, 'kind', 0, '{{\"name\": "
                      "\"CategoricalDistribution\", \"attributes\": {{\"choices\": [{0}]}}}}')",
                      deep));

  const ImportedRuns found = optuna_runs(folder / "optuna.db");

  ASSERT_EQ(found.runs.size(), 1u);
  EXPECT_TRUE(found.runs[0].whole.tags.at("deep").starts_with("[[[["));
  ASSERT_EQ(found.damaged.size(), 1u);
  EXPECT_NE(found.damaged[0].find("trial 2"), std::string::npos) << found.damaged[0];
}

TEST(ImportedRuns, DeepJsonInWandbStaysText) {
  const test::TemporaryFolder folder;
  test::write_file(
      folder / "run-one.wandb",
      test::wandb_log({"one", {{"deep", "{\"a\":" + nested(1'000'000) + "}"}, {"lr", "0.1"}}}));

  const ImportedRuns found = wandb_runs(folder / "run-one.wandb");

  ASSERT_EQ(found.runs.size(), 1u);
  const Parameters& parameters = found.runs[0].whole.run.parameters;
  EXPECT_EQ(to_text(parameters, "lr"), "0.1");
  EXPECT_TRUE(to_text(parameters, "deep").starts_with("{\"a\":[[[["));
}

TEST(ImportedRuns, WholeNumbersThatDoNotFitAreRealOnes) {
  const test::TemporaryFolder folder;
  const std::string large = "18446744073709551615";
  test::write_file(
      folder / "run-one.wandb",
      test::wandb_log({"one", {{"large", large}, {"inner", "{\"a\":" + large + "}"}}}));
  test::write_optuna_database(folder / "optuna.db");
  execute(folder / "optuna.db",
          "insert into trial_params values (1, 'large', 0, '{\"name\": "
          "\"CategoricalDistribution\", \"attributes\": {\"choices\": [" +
              large + "]}}')");

  const ImportedRuns wandb = wandb_runs(folder / "run-one.wandb");
  const ImportedRuns optuna = optuna_runs(folder / "optuna.db");

  ASSERT_EQ(wandb.runs.size(), 1u);
  ASSERT_EQ(optuna.runs.size(), 2u);
  const ParameterValue expected = 18446744073709551616.0;
  EXPECT_EQ(*wandb.runs[0].whole.run.parameters.find("large"), expected);
  EXPECT_EQ(*wandb.runs[0].whole.run.parameters.find("inner.a"), expected);
  EXPECT_EQ(*optuna.runs[0].whole.run.parameters.find("large"), expected);
}

TEST(ImportedRuns, APictureAtTheLastStepThereIsBelongsToTheLastEpoch) {
  const test::TemporaryFolder folder;
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  test::write_file(folder / "a.tfevents", test::scalar_event("loss", 0, 1) +
                                              test::picture_event("drawn", 0) +
                                              test::picture_event("drawn", kLast));
  std::string log = test::wandb_log({"one"});
  for (const std::int64_t step : {std::int64_t{0}, kLast}) {
    test::add_wandb_history(
        log, step, {{"drawn._type", "\"image-file\""}, {"drawn.path", "\"media/drawn.png\""}});
  }
  test::write_file(folder / "a.wandb", log);

  for (const ImportedRuns& found :
       {tensorboard_runs(folder / "a.tfevents"), wandb_runs(folder / "a.wandb")}) {
    ASSERT_EQ(found.runs.size(), 1u);
    ASSERT_EQ(found.runs[0].files.size(), 2u);
    EXPECT_EQ(found.runs[0].files[0].epoch, 1);
    EXPECT_EQ(found.runs[0].files[1].epoch, 0);
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
