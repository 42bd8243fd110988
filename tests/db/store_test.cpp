#include "db/store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>

#include <thread>

#include "db/migration.h"
#include "tests/support/expect_error.h"
#include "tests/support/expect_in.h"
#include "tests/support/with_store.h"

namespace epochal::store {
namespace {

using test::commit;
using test::expect_error;
using test::expect_in;

RunRecord wanted(char digit, Epoch epochs = 2) {
  RunRecord run = test::noop_run(digit, epochs);
  run.experiment_version = 1;
  run.seed = 3;
  run.code_version = "test";
  run.parameters.set("rate", 1.0);
  run.parameters.set("size", std::int64_t{5});
  run.parameters.set("word", std::string("it's; drop table run"));
  run.parameters.set("flag", true);
  return run;
}

SweepRecord sweep(const std::string& name = "s") {
  SweepRecord record;
  record.name = name;
  record.content_hash = "hash of " + name;
  record.overrides = {"a=1"};
  return record;
}

class StoreTest : public test::WithStore {};

/// Trains a run to its last epoch, without values.
void train(Store& store, RunId run, Epoch epochs) {
  const AttemptId attempt = *store.claim(run, {});
  for (Epoch number = 1; number <= epochs; ++number) commit(store, run, attempt, number);
  store.end_attempt(run, attempt, RunStatus::finished, "finished", {});
}

Declaration declaration() {
  return {"noop",
          1,
          {{"val.loss", Better::lower, "a loss", "nats", {"gamma"}},
           {"val.accuracy", Better::higher, "", ""},
           {"temperature", std::nullopt, "", "K"}},
          "val.accuracy",
          {"gamma", "size"}};
}

TEST_F(StoreTest, KeepsWhatExperimentsDeclare) {
  store_.declare(declaration());
  const RunRecord run = wanted('a');
  const Declarations declared = query().declarations();
  EXPECT_EQ(declared.objective(run), "val.accuracy");
  EXPECT_EQ(declared.metric(run, "val.loss")->unit, "nats");
  EXPECT_EQ(declared.metric(run, "val.accuracy")->better, Better::higher);
  EXPECT_EQ(declared.metric(run, "temperature")->better, std::nullopt);
  EXPECT_EQ(declared.meaning(run, "val.loss"), std::set<std::string>{"size"});
  EXPECT_EQ(declared.meaning(run, "val.accuracy"), (std::set<std::string>{"gamma", "size"}));
  EXPECT_EQ(declared.meaning(run, "undeclared"), (std::set<std::string>{"gamma", "size"}));

  Declaration changed = declaration();
  changed.metrics.pop_back();
  changed.objective.clear();
  store_.declare(changed);
  EXPECT_EQ(query().declarations().metric(run, "temperature"), nullptr);
  EXPECT_EQ(query().declarations().objective(run), "");
  RunRecord older = run;
  older.experiment_version = 0;
  EXPECT_EQ(query().declarations().metric(older, "val.loss"), nullptr);
}

TEST_F(StoreTest, WhatIsDeclaredHereStaysAtAMerge) {
  store_.declare(declaration());
  Declaration there = declaration();
  there.objective = "val.loss";
  Declaration other = there;
  other.version = 2;
  store_.import({}, {}, {there, other});
  EXPECT_EQ(query().declarations().objective(wanted('a')), "val.accuracy");
  RunRecord newer = wanted('a');
  newer.experiment_version = 2;
  EXPECT_EQ(query().declarations().objective(newer), "val.loss");
}

TEST_F(StoreTest, AChoiceStaysUntilTheRunBeginsAgain) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a')}).front();
  store_.record_choice(id, "precision", "bfloat16");
  store_.record_choice(id, "precision", "float32");
  EXPECT_EQ(query().choices(id).at("precision"), "bfloat16");
  EXPECT_EQ(query().whole_run(query().run(id)).choices.at("precision"), "bfloat16");
  store_.restart({id});
  EXPECT_TRUE(query().choices(id).empty());
}

TEST_F(StoreTest, KeepsARunAsItWasAskedFor) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a')}).front();
  const RunRecord run = query().run(id);
  EXPECT_EQ(run.parameters, wanted('a').parameters);
  EXPECT_EQ(run.seed, 3u);
  EXPECT_EQ(run.status, RunStatus::queued);
  EXPECT_EQ(query().sweep("s", "")->overrides, std::vector<std::string>{"a=1"});
}

TEST_F(StoreTest, KeepsTheSpecialNumbersApart) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a')}).front();
  const AttemptId attempt = *store_.claim(id, {});
  commit(store_, id, attempt, 1,
         {{"nan", std::nan("")},
          {"inf", std::numeric_limits<double>::infinity()},
          {"-inf", -std::numeric_limits<double>::infinity()},
          {"tiny", 5e-324},
          {"third", 1.0 / 3}});

  const Metrics found = query().epochs(id).front().metrics;
  EXPECT_TRUE(std::isnan(found.at("nan")));
  EXPECT_EQ(found.at("inf"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(found.at("-inf"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(found.at("tiny"), 5e-324);
  EXPECT_EQ(found.at("third"), 1.0 / 3);
  EXPECT_FALSE(found.contains("not measured"));
  EXPECT_EQ(query().epochs(id).front().peak_device_memory, std::nullopt);
}

TEST_F(StoreTest, AnEpochIsThereWholeOrNotAtAll) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a')}).front();
  const AttemptId attempt = *store_.claim(id, {});
  commit(store_, id, attempt, 1, {{"a", 1}});
  EXPECT_THROW(commit(store_, id, attempt, 1, {{"b", 2}}), SQLite::Exception);
  ASSERT_EQ(query().epochs(id).size(), 1u);
  EXPECT_EQ(query().epochs(id)[0].metrics, (Metrics{{"a", 1}}));
}

TEST_F(StoreTest, AnAttemptThatIsOverWritesNoMore) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a', 3)}).front();
  const AttemptId lost = *store_.claim(id, {});
  EXPECT_TRUE(store_.report_heartbeat(lost));
  EXPECT_TRUE(store_.end_attempt(id, lost, RunStatus::interrupted, "lost", {}));
  const AttemptId next = *store_.claim(id, {});

  EpochRecord epoch;
  epoch.number = 1;
  epoch.metrics = {{"a", 1}};
  bool was_published = false;
  EXPECT_THROW(store_.commit_epoch(id, lost, epoch, {}, {}, [&] { was_published = true; }),
               AttemptOver);
  EXPECT_FALSE(was_published);
  EXPECT_THROW(store_.drop_epochs_after(id, lost, 0), AttemptOver);
  EXPECT_FALSE(store_.report_heartbeat(lost));
  EXPECT_FALSE(store_.report_progress(lost, {1, 2, 3}));
  EXPECT_FALSE(store_.end_attempt(id, lost, RunStatus::failed, "failed", "why"));
  EXPECT_EQ(query().run(id).status, RunStatus::running);
  EXPECT_TRUE(query().epochs(id).empty());

  store_.commit_epoch(id, next, epoch, {}, {}, [&] { was_published = true; });
  EXPECT_TRUE(was_published);
  store_.connection().database().exec("delete from run");
  epoch.number = 2;
  EXPECT_THROW(store_.commit_epoch(id, next, epoch, {}, {}), AttemptOver) << "the run is gone";
}

TEST_F(StoreTest, NobodyTakesARunFromTheTrash) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a')}).front();
  store_.trash({id});
  EXPECT_FALSE(store_.claim(id, {}));
  EXPECT_EQ(store_.empty_trash(), std::vector<std::string>{wanted('a').identity});
  EXPECT_FALSE(store_.claim(id, {}));
}

TEST_F(StoreTest, FilesOfARunThatIsAskedForAgainStay) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a'), wanted('b')}).front();
  store_.trash({id});
  const std::vector<std::string> forgotten = store_.empty_trash();
  std::vector<std::string> aside;
  const auto set_aside = [&](const std::string& identity) { aside.push_back(identity); };
  store_.record_sweep(sweep(), {wanted('a')});
  store_.set_files_aside(forgotten, set_aside);
  EXPECT_TRUE(aside.empty());
  store_.set_files_aside({wanted('c').identity}, set_aside);
  EXPECT_EQ(aside.size(), 1u);
}

TEST_F(StoreTest, MoreEpochsQueueAFinishedRunAgain) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a', 2)}).front();
  train(store_, id, 2);
  EXPECT_EQ(store_.record_sweep(sweep(), {wanted('a', 2)}).front(), id);
  EXPECT_EQ(query().run(id).status, RunStatus::finished);
  store_.record_sweep(sweep(), {wanted('a', 5)});
  EXPECT_EQ(query().run(id).status, RunStatus::queued);
  EXPECT_EQ(query().run(id).epochs, 5);
}

TEST_F(StoreTest, ARunIsNotFinishedWhileItLacksEpochs) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a', 1)}).front();
  const AttemptId attempt = *store_.claim(id, {});
  store_.record_sweep(sweep(), {wanted('a', 3)});
  commit(store_, id, attempt, 1);
  EXPECT_TRUE(store_.end_attempt(id, attempt, RunStatus::finished, "finished", {}));
  EXPECT_EQ(query().run(id).status, RunStatus::interrupted);
  // A program that ended by itself does not go on.
  store_.end_attempt(id, *store_.claim(id, {}), RunStatus::stopped, "stopped", {});
  EXPECT_EQ(query().run(id).status, RunStatus::stopped);
}

TEST_F(StoreTest, AFinishedRunOfAnOlderVersionThatLacksEpochsIsQueuedAgain) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a', 2)}).front();
  train(store_, id, 2);
  store_.connection().database().exec("update run set epochs = 5");
  store_.record_sweep(sweep(), {wanted('a', 2)});
  EXPECT_EQ(query().run(id).status, RunStatus::finished);
  store_.record_sweep(sweep(), {wanted('a', 4)});
  EXPECT_EQ(query().run(id).status, RunStatus::queued);
  EXPECT_EQ(query().run(id).epochs, 4);
}

TEST_F(StoreTest, ARunGoesOnWithTheParametersAskedForNow) {
  const auto word = [&](RunId id) { return query().run(id).parameters.text("word"); };
  const auto asked = [](const std::string& text, Epoch epochs = 2) {
    RunRecord run = wanted('a', epochs);
    run.parameters.set("word", text);
    return run;
  };
  const RunId id = store_.record_sweep(sweep(), {asked("cuda")}).front();
  store_.record_sweep(sweep(), {asked("cpu")});
  EXPECT_EQ(word(id), "cpu");
  const AttemptId attempt = *store_.claim(id, {});
  store_.record_sweep(sweep(), {asked("cuda")});
  EXPECT_EQ(word(id), "cpu") << "what runs goes on as it began";
  store_.end_attempt(id, attempt, RunStatus::interrupted, "interrupted", {});
  store_.record_sweep(sweep(), {asked("cuda")});
  EXPECT_EQ(word(id), "cuda");
  train(store_, id, 2);
  store_.record_sweep(sweep(), {asked("cpu")});
  EXPECT_EQ(word(id), "cuda") << "what is finished keeps what it was made with";
  store_.record_sweep(sweep(), {asked("cpu", 3)});
  EXPECT_EQ(word(id), "cpu");
}

TEST_F(StoreTest, ARunMayBelongToSeveralSweeps) {
  const RunId id = store_.record_sweep(sweep("one"), {wanted('a')}).front();
  EXPECT_EQ(store_.record_sweep(sweep("two"), {wanted('b'), wanted('a')}).back(), id);
  EXPECT_EQ(query().runs_of_sweep(query().sweep("one", "")->id).size(), 1u);
  EXPECT_EQ(query().runs_of_sweep(query().sweep("two", "")->id)[1].id, id);
}

TEST_F(StoreTest, OneClaimWinsAmongMany) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a')}).front();
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Store own(folder_.path());
      if (own.claim(id, {})) ++won;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
}

TEST_F(StoreTest, AnAttemptEndsOnce) {
  const RunId id = store_.record_sweep(sweep(), {wanted('a')}).front();
  const AttemptId attempt = *store_.claim(id, {});
  store_.end_attempt(id, attempt, RunStatus::failed, "failed", "why");
  store_.end_attempt(id, attempt, RunStatus::interrupted, "lost", {});
  EXPECT_EQ(query().run(id).status, RunStatus::failed);
  store_.retry_failed({id});
  EXPECT_EQ(query().run(id).status, RunStatus::queued);
}

TEST_F(StoreTest, FindsARunByTheStartOfItsIdentity) {
  store_.record_sweep(sweep(), {wanted('a'), wanted('b')});
  EXPECT_EQ(query().run_named("aaaa").identity, std::string(64, 'a'));
  expect_error("no run starts with 'c'", [&] { query().run_named("c"); });
  expect_error("'a%' is not a run", [&] { query().run_named("a%"); });
  RunRecord near = wanted('a');
  near.identity.back() = 'b';
  store_.record_sweep(sweep(), {near});
  expect_error("several runs start with 'aa'", [&] { query().run_named("aa"); });
}

TEST_F(StoreTest, FindsARunByItsPlaceInASweepOrAsTheLastOne) {
  expect_error("there is no run yet", [&] { query().run_named("@last"); });
  const std::vector<RunId> ids = store_.record_sweep(sweep("rates"), {wanted('b'), wanted('a')});
  EXPECT_EQ(query().run_named("rates:2").id, ids[1]);
  EXPECT_EQ(query().run_named("rates@hash of rates:1").id, ids[0]);
  expect_error("the sweep 'rates' has fewer than 3 runs", [&] { query().run_named("rates:3"); });
  expect_error("'rates:x' is not a run", [&] { query().run_named("rates:x"); });
  expect_error("there is no sweep 'rate'", [&] { query().run_named("rate:1"); });
  EXPECT_EQ(query().run_named("@last").id, ids[1]) << "none was begun: the newest";
  store_.claim(ids[0], {});
  EXPECT_EQ(query().run_named("@last").id, ids[0]);
}

TEST_F(StoreTest, FindsTheBestRunWhereAllCompare) {
  store_.declare(declaration());
  const std::vector<RunId> ids = store_.record_sweep(sweep(), {wanted('a', 1), wanted('b', 1)});
  expect_error("no finished run with an objective", [&] { query().run_named("@best"); });
  for (const RunId id : ids) {
    const AttemptId attempt = *store_.claim(id, {});
    commit(store_, id, attempt, 1, {{"val.accuracy", id == ids[1] ? 0.9 : 0.8}});
    store_.end_attempt(id, attempt, RunStatus::finished, "finished", {});
  }
  EXPECT_EQ(query().run_named("@best").id, ids[1]);
  RunRecord other = wanted('c', 1);
  other.parameters.set("size", std::int64_t{6});
  const RunId third = store_.record_sweep(sweep(), {wanted('a', 1), wanted('b', 1), other}).back();
  train(store_, third, 1);
  expect_error("@best is ambiguous: size differs in the sweep 's'",
               [&] { query().run_named("@best"); });
}

TEST_F(StoreTest, KeepsTheNewestForecast) {
  ForecastRecord forecast;
  forecast.identity = std::string(64, 'a');
  forecast.made_at = 5;
  forecast.host = "here";
  forecast.device = "cpu";
  forecast.threads = 2;
  forecast.epochs = 3;
  forecast.seconds = Seconds(1.5);
  forecast.peak_bytes = 1000;
  store_.add_forecast(forecast);
  forecast.made_at = 6;
  forecast.seconds = Seconds(2.5);
  forecast.peak_device_bytes = 2000;
  store_.add_forecast(forecast);
  const auto found = query().forecast(forecast.identity);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->seconds, Seconds(2.5));
  EXPECT_EQ(found->peak_bytes, 1000);
  EXPECT_EQ(found->peak_device_bytes, 2000);
  EXPECT_FALSE(query().forecast(std::string(64, 'b')));
}

TEST_F(StoreTest, AnIdentityCannotNameAFolderElsewhere) {
  store_.record_sweep(sweep(), {wanted('a')});
  store_.connection().database().exec("update run set identity = printf('%64s', '../../../x')");
  expect_error("a run with an invalid identity", [&] { query().runs(); });
}

TEST_F(StoreTest, ManyWritersAndReadersLoseNothing) {
  constexpr int kWriters = 8;
  constexpr int kReaders = 4;
  constexpr Epoch kEpochs = 250;
  std::vector<RunRecord> runs;
  for (int i = 0; i < kWriters; ++i) runs.push_back(wanted("abcdef01"[i], kEpochs));
  const std::vector<RunId> ids = store_.record_sweep(sweep(), runs);

  // As processes would, each has a connection of its own.
  std::atomic<int> writing{kWriters};
  std::vector<std::thread> threads;
  for (const RunId id : ids) {
    threads.emplace_back([&, id] {
      Store own(folder_.path());
      const AttemptId attempt = *own.claim(id, {});
      for (Epoch number = 1; number <= kEpochs; ++number) {
        EXPECT_NO_THROW(commit(own, id, attempt, number,
                               {{"train.loss", 1.0 / number}, {"val.loss", 2.0 / number}}));
      }
      own.end_attempt(id, attempt, RunStatus::finished, "finished", {});
      --writing;
    });
  }
  for (int i = 0; i < kReaders; ++i) {
    threads.emplace_back([&] {
      while (writing > 0) {
        EXPECT_NO_THROW({
          const Query own(folder_.path());
          for (const RunId id : ids) {
            // What a reader sees is whole: epochs 1 … n, each with both metrics.
            const auto epochs = own.epochs(id);
            for (std::size_t e = 0; e < epochs.size(); ++e) {
              EXPECT_EQ(epochs[e].number, static_cast<Epoch>(e) + 1);
              EXPECT_EQ(epochs[e].metrics.size(), 2u);
            }
          }
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const RunId id : ids) {
    EXPECT_EQ(query().epochs(id).size(), static_cast<std::size_t>(kEpochs));
    EXPECT_EQ(query().run(id).status, RunStatus::finished);
  }
}

TEST(Connection, ManyProcessesMakeOneStore) {
  const test::TemporaryFolder folder;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { EXPECT_NO_THROW(Store(folder / "new")); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(Query(folder / "new").health().is_sound());
}

TEST(Connection, RefusesANewerStore) {
  const test::TemporaryFolder folder;
  { Store(folder.path()).connection().database().exec("pragma user_version = 999"); }
  expect_error("the store has schema 999, but this epochal knows schemas up to",
               [&] { Query{folder.path()}; });
  expect_error("use the newer epochal", [&] { Store{folder.path()}; });
}

TEST(Connection, SaysThatThereIsNoStore) {
  expect_error("/no/such/store: there is no store here; run a sweep first",
               [] { Query{"/no/such/store"}; });
}

TEST(Connection, SaysThatAStoreCannotBeMade) {
  expect_error("the store cannot be created", [] { Store{"/proc/no-store"}; });
}

TEST(Connection, ExplainsAFileThatIsNoDatabase) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "epochal.db", std::string(5000, 'x'));
  try {
    Query{folder.path()};
    FAIL();
  } catch (const SQLite::Exception& exception) {
    EXPECT_TRUE(is_user_error(exception));
    expect_in(explain(exception).what(), "damaged or not a database");
  }
}

TEST(Connection, ExplainsADatabaseThatOnlyCallsItselfAStore) {
  const test::TemporaryFolder folder;
  Store{folder.path()}.connection().database().exec("drop table note");
  const Query query(folder.path());
  try {
    query.notes(RunId{1});
    FAIL();
  } catch (const SQLite::Exception& exception) {
    EXPECT_TRUE(is_user_error(exception));
    EXPECT_TRUE(is_damage(exception));
    expect_in(explain(exception).what(), "does not have the tables of epochal: no such table");
  }
}

TEST(Connection, ExplainsATableWithoutAColumn) {
  const test::TemporaryFolder folder;
  Store store{folder.path()};
  store.connection().database().exec("alter table run rename column experiment to other");
  store.connection().database().exec(
      "insert into run (id, identity, other, experiment_version, seed, epochs, status, "
      "data_fingerprint, weights_fingerprint, code_version, created_at) values (1, "
      "printf('%064x', 1), 'noop', 1, 1, 1, 'queued', '', '', '', 1)");
  try {
    Query{folder.path()}.runs();
    FAIL();
  } catch (const SQLite::Exception& exception) {
    EXPECT_TRUE(is_user_error(exception));
    expect_in(explain(exception).what(), "does not have the tables of epochal");
  }
}

TEST(Connection, RefusesAViewInPlaceOfATable) {
  const test::TemporaryFolder folder;
  Store{folder.path()}.connection().database().exec(
      "drop table note; create view note as with recursive n(i) as (select 1 union all select i "
      "from n) select i as run_id, 1 as at, '' as text from n");
  expect_error("another program's database", [&] { Query{folder.path()}; });
}

TEST(Connection, TakesNoDatabasesWordForHowLongAValueIs) {
  const test::TemporaryFolder folder;
  Store{folder.path()};
  const Query query(folder.path());
  const auto database = open_database(folder / "epochal.db", SQLite::OPEN_READONLY);
  EXPECT_THROW(database->execAndGet("select length(zeroblob(100000000))"), SQLite::Exception);
}

TEST(Import, RefusesWhatNoStoreTakes) {
  const test::TemporaryFolder folder;
  Store store(folder.path());
  WholeRun whole;
  whole.run.identity = std::string(64, 'a');
  whole.run.epochs = 1;
  whole.attempts.emplace_back().id = AttemptId{1};
  EpochRecord& epoch = whole.epochs.emplace_back();
  epoch.attempt = AttemptId{1};
  epoch.number = 0;
  expect_error("violate a rule of the store: CHECK", [&] { store.import({whole}, {}); });
  EXPECT_TRUE(Query{folder.path()}.runs().empty());
}

}  // namespace
}  // namespace epochal::store
