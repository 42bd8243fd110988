// Sweeps that search by themselves, as a user runs them.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "framework/sweep/search_points.h"
#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

constexpr char kSearchedSweep[] =
    "name = \"tune\"\nexperiment = \"noop\"\nepochs = 2\n[params]\nsleep = 0.02\n"
    "[sweep.search]\ntrials = 12\nstartup = 4\n"
    "learning_rate = { log_uniform = [1e-3, 1] }\n"
    "dataset_size = { int_uniform = [10, 1000], when = { word = \"large\" } }\n"
    "word = { choice = [\"small\", \"large\"] }\n";

// Dixon and Szegö, "Towards Global Optimisation 2", 1978. Its least value is 0.397887.
constexpr char kBraninProgram[] =
    "awk -v x=\"$1\" -v y=\"$2\" 'BEGIN { pi = 3.141592653589793; "
    "a = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6; "
    "printf \"value=%.12g\\n\", a * a + 10 * (1 - 1 / (8 * pi)) * cos(x) + 10 }'\n";

std::string branin_sweep(const std::string& name, const std::string& sweep) {
  return "name = \"" + name +
         "\"\nexperiment = \"command\"\n[command]\nrun = [\"sh\", \"branin.sh\", \"{x}\", "
         "\"{y}\"]\n"
         "metrics = [{ name = \"value\", pattern = 'value=(?P<value>\\S+)', better = \"lower\", "
         "objective = true }]\n"
         "[command.parameters.x]\ndefault = 0.0\n[command.parameters.y]\ndefault = 0.0\n" +
         sweep + "x = { uniform = [-5, 10] }\ny = { uniform = [0, 15] }\n";
}

using Trials = std::vector<std::pair<store::SearchTrial, std::optional<store::TrialResult>>>;

class Search : public ProgramTest {
 protected:
  Search() { write_file(program_ / "tune.toml", kSearchedSweep); }

  Finished tune(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"run", "tune.toml"});
    return program_.run(more);
  }

  Trials trials(const std::string& store = "epochal-store",
                const std::string& metric = "val.loss") {
    const store::Query records = query(store);
    const auto sweep = records.newest_sweep();
    return sweep ? records.search_trials(sweep->id, metric) : Trials();
  }

  std::vector<std::string> points(const std::string& store = "epochal-store") {
    std::vector<std::string> points;
    for (const auto& [trial, result] : trials(store)) points.push_back(trial.point);
    return points;
  }

  std::size_t finished(const std::string& store) {
    if (!has_store(store)) return 0;
    std::size_t count = 0;
    for (const auto& [trial, result] : trials(store)) {
      count += result && result->status == store::RunStatus::finished ? 1 : 0;
    }
    return count;
  }

  /// The least value that the runs of a store have reached.
  double least_value(const std::string& store) {
    double least = 1e9;
    const store::Query records = query(store);
    for (const store::RunRecord& record : records.runs()) {
      least = std::min(least, records.metric_summaries({record.id})[record.id]["value"].last);
    }
    return least;
  }
};

TEST_F(Search, EndsWhenItFindsNothingNew) {
  write_file(program_ / "two.toml",
             "name = 'two'\nexperiment = 'noop'\n[sweep.search]\ntrials = 1000000\n"
             "learning_rate = { choice = [0.1, 0.2] }\n");
  for (int time = 0; time < 2; ++time) {
    const Finished done = succeed({"run", "two.toml"});
    expect_in(done.err, "all points that the search of 'two' finds have been asked for");
    EXPECT_EQ(query().runs().size(), 2u);
    EXPECT_LT(trials().size(), 200u);
  }
}

TEST_F(Search, FinishesAndAsksNothingMoreAndGoesOnWithMoreTrials) {
  const Finished first = tune();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  expect_in(first.err, "tune: 12 trials, 12 to do, 0 finished before");
  expect_in(first.err, "(12/12)");
  expect_in(first.err, "best: trial ");
  expect_in(first.err, "12 finished, 0 failed, 0 left");
  const std::vector<std::string> before = points();
  ASSERT_EQ(before.size(), 12u);

  const Finished again = tune();
  EXPECT_EQ(again.exit_code, 0) << again.err;
  expect_in(again.err, "tune: 12 trials, 0 to do, 12 finished before");
  EXPECT_EQ(points(), before);
  EXPECT_EQ(query().attempts(query().runs()[0].id).size(), 1u);

  EXPECT_EQ(tune({"trials=15"}).exit_code, 0);
  std::vector<std::string> more = points();
  ASSERT_EQ(more.size(), 15u);
  more.resize(12);
  EXPECT_EQ(more, before);
  EXPECT_EQ(query().sweeps().size(), 1u);
}

TEST_F(Search, ShowsHowEachPointWasChosen) {
  tune();
  const Finished startup = run({"show", "tune:1"});
  expect_in(startup.out, "trial         0 of the search 'tune'");
  expect_in(startup.out, "a startup point of Sobol's sequence");
  const Finished learned = run({"show", "tune:12"});
  expect_in(learned.out, "trial         11 of the search 'tune'");
  expect_in(learned.out, "by TPE, from trials 0-10");
}

TEST_F(Search, EveryCommandCanReadIt) {
  const Finished nothing = tune({"--dry-run"});
  EXPECT_EQ(nothing.exit_code, 0) << nothing.err;
  expect_in(nothing.out, "log_uniform [0.001, 1]");
  expect_in(nothing.out, "int_uniform [10, 1000], when word is \"large\"");
  expect_in(nothing.out, "search: 0 of 12 trials have been asked for");
  expect_in(nothing.out, "0 runs; nothing was started");
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store"));

  tune({"trials=6"});
  const Finished dry = tune({"--dry-run"});
  expect_in(dry.out, "6 of 12 trials have been asked for");
  expect_in(dry.out, "finished, 2 epochs");
  const Finished forecast = succeed({"forecast", "tune.toml"});
  expect_in(forecast.out, "8 trials follow, taken to be like these");
  expect_in(forecast.out, "12 runs in");
  expect_in(run({"ls", "--sweep", "tune"}).out, "finished");
  EXPECT_EQ(run({"watch", "tune"}).exit_code, 0);
  EXPECT_EQ(run({"watch", "tune.toml"}).exit_code, 0);
  EXPECT_EQ(run({"best", "--metric", "val.loss"}).exit_code, 0);
  succeed({"report", "tune.toml", "-o", "page"});
  expect_in(read_file(program_ / "page/report.md"), "learning_rate");
  EXPECT_EQ(run({"doctor"}).exit_code, 0);
}

TEST_F(Search, WorkersBesideEachOtherKnowOfEachOther) {
  EXPECT_EQ(tune({"--jobs", "3"}).exit_code, 0);
  const Trials all = trials();
  ASSERT_EQ(all.size(), 12u);
  const auto knows = [](const auto& known) { return !known.first.running.empty(); };
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), knows));
}

TEST_F(Search, AKilledSearchGoesOnWhereItWas) {
  EXPECT_EQ(tune({"--store", "undisturbed"}).exit_code, 0);
  for (const std::size_t done : {std::size_t{1}, std::size_t{5}, std::size_t{8}}) {
    const pid_t pid = program_.start({"run", "tune.toml", "--store", "killed"});
    EXPECT_TRUE(wait_until([&] { return finished("killed") >= done; }));
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
  const Finished rest = tune({"--store", "killed"});
  EXPECT_EQ(rest.exit_code, 0) << rest.err;
  EXPECT_EQ(points("killed"), points("undisturbed"));
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(trials("killed")[i].first.ended, trials("undisturbed")[i].first.ended);
    EXPECT_EQ(trials("killed")[i].second->last, trials("undisturbed")[i].second->last);
  }
}

TEST_F(Search, AFailedTrialIsLeftOut) {
  write_file(program_ / "tune.toml",
             "name = \"tune\"\nexperiment = \"noop\"\n"
             "[sweep.search]\ntrials = 8\nstartup = 3\nfail_at = { choice = [1, -1] }\n"
             "learning_rate = { uniform = [0.1, 1] }\n");
  const Finished done = tune();
  EXPECT_EQ(done.exit_code, 1) << done.err;
  const Trials all = trials();
  ASSERT_EQ(all.size(), 8u);
  std::string failed;
  for (const auto& [trial, result] : all) {
    if (result->status == store::RunStatus::failed) failed = std::to_string(trial.number);
  }
  ASSERT_FALSE(failed.empty());
  expect_in(tune().err, "failed earlier and");
}

TEST_F(Search, StopRulesPruneItsRuns) {
  const Finished done = (write_file(program_ / "tune.toml",
                                    std::string(kSearchedSweep) +
                                        "[stop]\nasha = { first = 1, factor = 3, brackets = 2 }\n"),
                         tune({"trials=20", "epochs=9"}));
  EXPECT_EQ(done.exit_code, 0) << done.err;
  expect_in(done.err, "stopped early");
  int stopped = 0;
  for (const auto& [trial, result] : trials()) {
    stopped += result->status == store::RunStatus::stopped ? 1 : 0;
  }
  EXPECT_GT(stopped, 5);
  EXPECT_LT(stopped, 20);
}

TEST_F(Search, ABudgetLeavesTrialsForLater) {
  const Finished some = tune({"--budget", "0.3s"});
  EXPECT_EQ(some.exit_code, 3) << some.err;
  expect_in(some.err, "run the same command again to do the rest");
  EXPECT_LT(points().size(), 12u);
  EXPECT_EQ(tune().exit_code, 0);
  EXPECT_EQ(points().size(), 12u);
}

TEST_F(Search, RefusesToBeSharedByHand) {
  expect_refusal(tune({"--shard", "1/2"}), "--shard cannot be used with [sweep.search]");
}

TEST_F(Search, AMergedStoreGoesOnWithIt) {
  tune({"trials=6"});
  EXPECT_EQ(run({"merge", "--store", "other", "epochal-store"}).exit_code, 0);
  EXPECT_EQ(points("other"), points());
  tune();
  EXPECT_EQ(tune({"--store", "other"}).exit_code, 0);
  EXPECT_EQ(points("other"), points());
}

/// Every point is the one that the core asks for after the values before it.
TEST_F(Search, IsAsGoodAsTheCore) {
  write_file(program_ / "branin.sh", kBraninProgram);
  write_file(program_ / "tune.toml", branin_sweep("branin", "[sweep.search]\ntrials = 60\n"));
  EXPECT_EQ(tune().exit_code, 0);
  const Sweep sweep = parse_sweep(read_file(program_ / "tune.toml"), "tune.toml");
  std::vector<PastTrial> history;
  for (const auto& [trial, result] : trials("epochal-store", "value")) {
    EXPECT_EQ(
        trial.point,
        next_point(*sweep.search, history, true, static_cast<std::uint64_t>(trial.number)).point);
    history.push_back({trial.point, search::Trial::State::finished, result->last, 0});
  }
  EXPECT_EQ(history.size(), 60u);
  EXPECT_LT(least_value("epochal-store"), 0.6);
}

TEST_F(Search, EndsLowerThanRandomSearch) {
  write_file(program_ / "branin.sh", kBraninProgram);
  std::vector<double> searched;
  std::vector<double> random;
  for (const std::string seed : {"1", "2", "3"}) {
    write_file(program_ / "tune.toml",
               branin_sweep("branin", "[sweep.search]\ntrials = 60\nseed = " + seed + "\n"));
    EXPECT_EQ(tune({"--store", "searched-" + seed}).exit_code, 0);
    searched.push_back(least_value("searched-" + seed));
    write_file(program_ / "tune.toml",
               branin_sweep("branin", "[sweep.random]\nsamples = 60\nseed = " + seed + "\n"));
    EXPECT_EQ(tune({"--store", "random-" + seed, "--jobs", "2"}).exit_code, 0);
    random.push_back(least_value("random-" + seed));
  }
  std::sort(searched.begin(), searched.end());
  std::sort(random.begin(), random.end());
  EXPECT_LT(searched[1], random[1]);
  RecordProperty("searched", std::to_string(searched[1]));
  RecordProperty("random", std::to_string(random[1]));
}

/// With a stand-in for Slurm's commands.
TEST_F(Search, AsksInRoundsOnACluster) {
  use_slurm_stand_in();
  const Finished done = tune({"--executor", "slurm", "slurm.array_limit=4", "trials=10"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  expect_in(done.err, "10 finished, 0 failed, 0 left");
  const Trials all = trials();
  ASSERT_EQ(all.size(), 10u);
  EXPECT_EQ(all[3].first.running, "0-2") << "one round";
  EXPECT_EQ(all[4].first.ended, "0-3") << "the next one knows what came of it";
  EXPECT_EQ(all[9].first.ended, "0-7");
}

}  // namespace
}  // namespace epochal::test
