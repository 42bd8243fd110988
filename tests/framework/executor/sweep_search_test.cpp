#include "framework/executor/sweep_search.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <thread>

#include "framework/app/sweep_arguments.h"
#include "framework/executor/searched_runs.h"
#include "framework/sweep/expansion.h"
#include "framework/sweep/search_points.h"
#include "framework/system/process.h"
#include "tests/support/expect_error.h"
#include "tests/support/with_store.h"

namespace epochal {
namespace {

constexpr char kToySearch[] =
    "name = \"tune\"\nexperiment = \"toy\"\nepochs = 3\n"
    "[sweep.search]\ntrials = 20\nstartup = 4\n";
constexpr char kTwoReals[] = "x = { uniform = [-1, 1] }\ny = { uniform = [-1, 1] }\n";

ExperimentInfo toy() {
  ExperimentInfo info;
  info.name = "toy";
  info.schema = Schema({real_parameter("x", 0, ""), real_parameter("y", 0, "")});
  info.metrics = {{"loss", Better::lower, "", ""}};
  info.objective = "loss";
  return info;
}

class SweepSearchTest : public test::WithStore {
 protected:
  SweepSearch& search(const std::string& rest = kTwoReals) {
    sweep_ = parse_sweep(kToySearch + rest, "tune.toml");
    store::SweepRecord record;
    record.name = sweep_.name;
    record.content_hash = content_hash(sweep_);
    id_ = store_.record_search(record);
    return search_.emplace(store_, sweep_, info_, id_,
                           [this](const std::string& point) { return record_at(point); });
  }

  store::RunRecord record_at(const std::string& point) const {
    return app::records_of({run_at(sweep_, info_, point)}, "").front();
  }

  /// Ends the run after so many epochs.
  void end(store::RunId run, store::RunStatus status, double loss, Epoch epochs = 3) {
    store::AttemptStart start;
    start.process = this_process();
    const store::AttemptId attempt = *store_.claim(run, start);
    for (Epoch number = 1; number <= epochs; ++number) {
      test::commit(store_, run, attempt, number, {{"loss", loss + epochs - number}});
    }
    store_.end_attempt(run, attempt, status, std::string(name_of(status)), "");
  }

  double loss_of(store::RunId run) {
    const Parameters parameters = query().run(run).parameters;
    return std::pow(parameters.real("x"), 2) + std::pow(parameters.real("y"), 2);
  }

  const ExperimentInfo info_ = toy();
  Sweep sweep_;
  std::int64_t id_ = 0;
  std::optional<SweepSearch> search_;
};

TEST_F(SweepSearchTest, RecordsWhatItAskedAndWhatItHadSeen) {
  SweepSearch& search = this->search();
  std::vector<store::RunId> runs;
  for (int i = 0; i < 6; ++i) {
    const auto trial = search.ask();
    ASSERT_TRUE(trial);
    EXPECT_EQ(trial->number, i);
    runs.push_back(search.queue(*trial));
    if (i != 2 && i != 3) end(runs.back(), store::RunStatus::finished, loss_of(runs.back()));
    if (i == 3) end(runs.back(), store::RunStatus::failed, 0, 0);
  }
  const auto trial = search.ask();
  EXPECT_EQ(trial->ended, "0-1,4-5") << "one has failed, and counts for nothing";
  EXPECT_EQ(trial->running, "2");
  EXPECT_TRUE(trial->is_model);
  const auto trials = query().search_trials(id_, "loss");
  ASSERT_EQ(trials.size(), 7u);
  EXPECT_EQ(trials[0].first.run, runs[0]);
  EXPECT_EQ(trials[0].first.ended, "");
  EXPECT_FALSE(trials[0].first.is_model);
  EXPECT_FALSE(trials[6].second) << "it has no run yet";
  EXPECT_EQ(query().runs_of_sweep(id_).size(), 6u);
  EXPECT_EQ(query().trials_of(runs[5]).at(0).first.number, 5);
}

TEST_F(SweepSearchTest, StoresThatBothWentOnAreMergedWithAllTrials) {
  SweepSearch& here = search();
  here.queue(*here.ask());
  const test::TemporaryFolder other_folder;
  store::Store other(other_folder.path());
  const auto merge_into_here = [&] {
    const store::Query there(other_folder.path());
    std::vector<store::WholeRun> runs;
    for (store::RunRecord& run : there.runs()) runs.push_back(there.whole_run(std::move(run)));
    store_.import(runs, there.whole_sweeps());
  };
  {
    const store::Query query = this->query();
    std::vector<store::WholeRun> runs;
    for (store::RunRecord& run : query.runs()) runs.push_back(query.whole_run(std::move(run)));
    other.import(runs, query.whole_sweeps());
  }
  const std::int64_t id_there = store::Query(other_folder.path()).sweeps().front().id;
  SweepSearch there(other, sweep_, info_, id_there,
                    [this](const std::string& point) { return record_at(point); });
  // Here a failed trial is left out of what is learned, so the two searches part.
  for (int i = 0; i < 6; ++i) {
    const store::RunId run = here.queue(*here.ask());
    end(run, store::RunStatus::finished, loss_of(run));
    there.queue(*there.ask());
  }
  const auto points = [](const std::vector<KnownTrial>& trials) {
    std::set<std::string> points;
    for (const auto& [trial, result] : trials) points.insert(trial.point);
    return points;
  };
  std::set<std::string> all = points(here.trials());
  const std::size_t before = all.size();
  all.merge(points(there.trials()));
  ASSERT_GT(all.size(), before) << "the two searches have parted";

  for (int time = 0; time < 2; ++time) {
    merge_into_here();
    const std::vector<KnownTrial> merged = here.trials();
    EXPECT_EQ(points(merged), all);
    EXPECT_EQ(merged.size(), all.size()) << "each once, also at the second time";
  }
  here.queue(*here.ask());
  EXPECT_EQ(query().runs_of_sweep(id_).size(), all.size() + 1);
}

TEST_F(SweepSearchTest, RefusesABrokenRecord) {
  SweepSearch& search = this->search();
  store::SearchTrial trial;
  trial.sweep = id_;
  trial.point = R"({"x": -1e300, "y": 0})";
  trial.asked_at = 1;
  store_.add_trial([&] { return trial; });
  test::expect_error("x is outside of its range", [&] { search.ask(); });
  trial.number = std::numeric_limits<std::int64_t>::max();
  store_.add_trial([&] { return trial; });
  test::expect_error("a trial with the number", [&] { search.ask(); });
}

TEST_F(SweepSearchTest, GoesOnAfterAnInterruptionAsWithoutOne) {
  std::vector<std::string> undisturbed;
  SweepSearch& search = this->search();
  for (int i = 0; i < 12; ++i) {
    const auto trial = search.ask();
    undisturbed.push_back(trial->point);
    const store::RunId run = search.queue(*trial);
    end(run, store::RunStatus::finished, loss_of(run));
  }
  // The same without the last five, one of them asked for but without a run: as a kill leaves it.
  store_.connection().database().exec("delete from search_trial where number > 7");
  store_.connection().database().exec("update search_trial set run_id = null where number = 7");
  store_.connection().database().exec(
      "delete from run where id not in (select run_id from search_trial where run_id not null)");
  const store::Query query = this->query();
  SearchedRuns runs(search, query, {});
  const auto resumed = runs.next();
  ASSERT_TRUE(resumed);
  EXPECT_EQ(query.trials_of(*resumed).at(0).first.number, 7);
  end(*resumed, store::RunStatus::finished, loss_of(*resumed));
  for (int i = 8; i < 12; ++i) {
    const auto run = runs.next();
    EXPECT_EQ(search.trials().back().first.point, undisturbed[static_cast<std::size_t>(i)]);
    end(*run, store::RunStatus::finished, loss_of(*run));
  }
}

TEST_F(SweepSearchTest, ManyAskAtATimeAndNoPointIsAskedTwice) {
  search();
  std::vector<std::thread> askers;
  for (int i = 0; i < 4; ++i) {
    askers.emplace_back([this] {
      store::Store store(folder_.path());
      SweepSearch search(store, sweep_, info_, id_,
                         [this](const std::string& point) { return record_at(point); });
      while (const auto trial = search.ask()) search.queue(*trial);
    });
  }
  for (std::thread& asker : askers) asker.join();
  std::set<std::string> points;
  const auto trials = search_->trials();
  for (const auto& [trial, result] : trials) points.insert(trial.point);
  EXPECT_EQ(trials.size(), 20u);
  EXPECT_EQ(points.size(), 20u);
}

TEST_F(SweepSearchTest, APointThatIsDoneTakesNoTime) {
  SweepSearch& search = this->search("x = { choice = [1.0, 2.0] }\n");
  const store::Query query = this->query();
  SearchedRuns runs(search, query, {});
  int count = 0;
  while (runs.has_more()) {
    const auto run = runs.next();
    if (!run) continue;
    end(*run, store::RunStatus::finished, loss_of(*run));
    ++count;
  }
  EXPECT_EQ(count, 2);
  EXPECT_EQ(search.trials().size(), 20u);
  EXPECT_EQ(query.runs_of_sweep(id_).size(), 2u);
  EXPECT_EQ(search.best()->point, R"({"x":1.0})");
}

TEST(FindsNothingNew, AfterAHundredTrialsWithoutANewPoint) {
  std::vector<KnownTrial> trials;
  const auto ask_for = [&](const std::string& point) {
    store::SearchTrial trial;
    trial.point = point;
    trials.emplace_back(trial, std::nullopt);
  };
  EXPECT_FALSE(finds_nothing_new(trials));
  ask_for("a");
  for (int i = 0; i < 99; ++i) ask_for("a");
  EXPECT_FALSE(finds_nothing_new(trials));
  ask_for("b");
  for (int i = 0; i < 99; ++i) ask_for(i % 2 == 0 ? "a" : "b");
  EXPECT_FALSE(finds_nothing_new(trials));
  ask_for("a");
  EXPECT_TRUE(finds_nothing_new(trials));
}

TEST_F(SweepSearchTest, JudgesByTheLastValueOrTheBest) {
  for (const char* value : {"last", "best"}) {
    SweepSearch& search = this->search(std::string("value = \"") + value + "\"\n" + kTwoReals);
    const auto trial = search.ask();
    end(search.queue(*trial), store::RunStatus::finished, 0.5);
    store_.connection().database().exec("update metric_summary set lowest = 0.25 where run_id = " +
                                        std::to_string(search.trials().at(0).first.run->value));
    EXPECT_EQ(search.value_of(*search.trials().at(0).second),
              std::string(value) == "last" ? 0.5 : 0.25);
    store_.restart({*search.trials().at(0).first.run});
  }
}

/// The next point is the core's for trials that were pruned at these epochs with these values.
TEST_F(SweepSearchTest, PrunedTrialsCountByHowFarTheyCame) {
  SweepSearch& search = this->search();
  std::vector<PastTrial> history;
  for (int i = 0; i < 10; ++i) {
    const auto trial = search.ask();
    const Epoch epochs = i == 6 ? 2 : 1;
    end(search.queue(*trial), store::RunStatus::stopped, 10 - i, epochs);
    history.push_back({trial->point, search::Trial::State::pruned, 10.0 - i, epochs});
  }
  const auto trial = search.ask();
  EXPECT_EQ(trial->ended, "0-9");
  EXPECT_EQ(trial->point, next_point(search.request(), history, true, 10).point);
  history[6].last_step = 1;
  EXPECT_NE(trial->point, next_point(search.request(), history, true, 10).point);
  EXPECT_FALSE(search.best()) << "none has finished";
}

TEST_F(SweepSearchTest, ADeletedRunIsMadeAgain) {
  SweepSearch& search = this->search();
  const store::RunId run = search.queue(*search.ask());
  end(run, store::RunStatus::finished, 1);
  store_.trash({run});
  store_.empty_trash();
  EXPECT_FALSE(search.trials().at(0).second);
  const store::Query query = this->query();
  SearchedRuns runs(search, query, {});
  const auto again = runs.next();
  ASSERT_TRUE(again);
  EXPECT_EQ(query.trials_of(*again).at(0).first.number, 0);
}

}  // namespace
}  // namespace epochal
