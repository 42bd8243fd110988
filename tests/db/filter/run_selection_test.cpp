#include "db/filter/run_selection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/expect_error.h"
#include "tests/support/with_store.h"

namespace epochal::store {
namespace {

using test::expect_error;

RunRecord run_with(char digit, Parameters parameters, std::uint64_t seed) {
  RunRecord run = test::noop_run(digit, 2);
  run.experiment = digit < '4' ? "adain" : "encoder";
  run.seed = seed;
  run.parameters = std::move(parameters);
  return run;
}

/// Five runs, 1 to 5. Their val.total ends at 1, 2, 3, NaN and none; batch sizes 10 to 50.
class Selection : public test::WithStore {
 protected:
  Selection() {
    std::vector<RunRecord> runs;
    for (int i = 1; i <= 5; ++i) {
      Parameters parameters;
      parameters.set("batch_size", std::int64_t{10 * i});
      parameters.set("gamma", 0.5 * i);
      parameters.set("encoder", std::string(i % 2 == 0 ? "mini" : "Random_1"));
      if (i == 5) parameters.set("flip", true);
      runs.push_back(
          run_with(static_cast<char>('0' + i), parameters, static_cast<std::uint64_t>(i)));
    }
    SweepRecord sweep;
    sweep.name = "it's";
    ids_ = store_.record_sweep(sweep, runs);
    for (int i = 1; i <= 4; ++i) train(ids_.at(static_cast<std::size_t>(i) - 1), i);
  }

  void train(RunId run, double last) {
    AttemptStart start;
    start.host.name = last < 3 ? "small" : "big";
    const AttemptId attempt = *store_.claim(run, start);
    EpochRecord epoch;
    epoch.seconds = Seconds(3600);
    epoch.number = 1;
    epoch.metrics = {{"val.total", last + 10}, {"odd name", 1.0}};
    store_.commit_epoch(run, attempt, epoch, {}, {});
    epoch.number = 2;
    epoch.metrics = {{"val.total", last == 4 ? std::numeric_limits<double>::quiet_NaN() : last}};
    store_.commit_epoch(run, attempt, epoch, {}, {});
    store_.end_attempt(run, attempt, RunStatus::finished, "finished", {});
  }

  /// The first digits of what is selected.
  std::string found(const std::string& where, const std::vector<std::string>& sort = {}) {
    RunSelection selection;
    selection.where = where;
    selection.sort = sort;
    selection.at = at_;
    return digits(selection);
  }

  std::string digits(const RunSelection& selection) {
    std::string digits;
    for (const RunId id : select_runs(store_.connection().database(), selection)) {
      digits += std::to_string(id.value - ids_.front().value + 1);
    }
    return digits;
  }

  std::vector<RunId> ids_;
  Timestamp at_ = 0;
};

TEST_F(Selection, ComparesMetrics) {
  EXPECT_EQ(found(""), "12345");
  EXPECT_EQ(found("metrics.val.total < 2.5"), "12");
  EXPECT_EQ(found("metrics.val.total.last >= 2"), "23");
  EXPECT_EQ(found("metrics.val.total.max = 12"), "2");
  EXPECT_EQ(found("metrics.val.total.min = 3"), "3");
  EXPECT_EQ(found("metrics.val.total.mean = 7"), "2") << "(12 + 2) / 2";
  EXPECT_EQ(found("metrics.`odd name` = 1"), "1234");
  EXPECT_EQ(found("metrics.\"odd name\" in (1, 2)"), "1234");
}

TEST_F(Selection, BestFollowsTheDeclaredDirection) {
  EXPECT_EQ(found("metrics.val.total.best < 100"), "") << "nothing is declared";
  EXPECT_EQ(found("metrics.val.total.best != 1"), "");
  store_.declare({"adain", 0, {{"val.total", Better::lower, "", ""}}, "val.total", {}});
  store_.declare({"encoder", 0, {{"val.total", Better::higher, "", ""}}, "val.total", {}});
  EXPECT_EQ(found("metrics.val.total.best < 4"), "123");
  EXPECT_EQ(found("metrics.val.total.best = 14"), "4") << "the highest of the encoder";
  EXPECT_EQ(found("metrics.val.total.best_epoch = 1"), "4");
  EXPECT_EQ(found("", {"best"}), "41235");
  EXPECT_EQ(found("best < 2.5"), "12");
  EXPECT_EQ(found("best is null"), "5");
  EXPECT_EQ(found("experiment = 'adain'", {"-best"}), "321");
}

TEST_F(Selection, ASweepIsSelectedByNameAndContentInItsOrder) {
  SweepRecord other;
  other.name = "rates";
  other.content_hash = "abc";
  const auto of = [&](std::string sweep, std::vector<std::string> sort = {}) {
    RunSelection selection;
    selection.sweep = std::move(sweep);
    selection.sort = std::move(sort);
    return digits(selection);
  };
  const auto whole = query().runs();
  store_.record_sweep(other, {whole[2], whole[0]});
  EXPECT_EQ(of("rates"), "31");
  EXPECT_EQ(of("rates@ab"), "31");
  EXPECT_EQ(of("rates", {"seed"}), "13");
  EXPECT_EQ(of("it's"), "12345");
  other.content_hash = "def";
  store_.record_sweep(other, {whole[4]});
  EXPECT_EQ(of("rates"), "5") << "the last one of this name";
  EXPECT_EQ(of("rates@abc"), "31");
  expect_error("there is no sweep 'rates@xyz' in this store", [&] { of("rates@xyz"); });
  expect_error("did you mean 'rates'", [&] { of("rate"); });
}

TEST_F(Selection, NaNAndAbsenceAreNeitherSmallNorLarge) {
  EXPECT_EQ(found("metrics.val.total = nan"), "4");
  EXPECT_EQ(found("metrics.val.total != nan"), "123");
  EXPECT_EQ(found("metrics.val.total != 1"), "234");
  EXPECT_EQ(found("not metrics.val.total < 2.5"), "345");
  EXPECT_EQ(found("metrics.val.total is null"), "5") << "it was never measured";
  EXPECT_EQ(found("metrics.val.total is not null and metrics.val.total < inf"), "123");
  EXPECT_EQ(found("metrics.val.total.min = 14"), "4") << "NaN is never the lowest";
  EXPECT_EQ(found("metrics.val.total.mean = nan"), "4");
}

TEST_F(Selection, ComparesParametersAsWhatTheyAre) {
  EXPECT_EQ(found("params.batch_size = 30"), "3");
  EXPECT_EQ(found("params.batch_size = '30'"), "3") << "as other tools want it";
  EXPECT_EQ(found("params.gamma <= 1"), "12");
  EXPECT_EQ(found("params.gamma != 1"), "1345");
  EXPECT_EQ(found("params.encoder > 5"), "") << "a text is not larger than a number";
  EXPECT_EQ(found("params.encoder = 'mini'"), "24");
  EXPECT_EQ(found("params.encoder like 'Random%'"), "135");
  EXPECT_EQ(found("params.encoder like 'random%'"), "");
  EXPECT_EQ(found("params.encoder ilike 'random__'"), "135");
  EXPECT_EQ(found("params.encoder not like '%[r]%'"), "12345") << "brackets mean nothing";
  EXPECT_EQ(found("params.batch_size not in (10, 20)"), "345");
  EXPECT_EQ(found("params.flip = true"), "5");
  EXPECT_EQ(found("params.flip is null"), "1234");
}

TEST_F(Selection, AsksForTheRunItself) {
  EXPECT_EQ(found("status = 'finished'"), "1234");
  EXPECT_EQ(found("run.status in ('queued', 'failed')"), "5");
  EXPECT_EQ(found("run.experiment = 'adain' AND NOT run.seed = 2"), "13");
  EXPECT_EQ(found("run.sweep = 'it''s' and host = 'small'"), "12");
  EXPECT_EQ(found("run.seconds > 1.5h"), "1234");
  EXPECT_EQ(found("run.seconds > 7200"), "");
  EXPECT_EQ(found("run.epochs = 2 or run.id like '5%'"), "12345");
  EXPECT_EQ(found("run.started > -7d"), "1234");
  at_ = now() + 8 * 86400;
  EXPECT_EQ(found("run.started > -7d"), "");
  EXPECT_EQ(found("run.started > '2026-01-01' and run.started < '2099-12-31T10:00'"), "1234");
}

TEST_F(Selection, NoComparisonOfAMissingValueIsTrue) {
  EXPECT_EQ(found("run.ended != '2020-01-01'"), "1234") << "5 never ended";
  EXPECT_EQ(found("run.host != 'small'"), "34") << "5 has none";
  EXPECT_EQ(found("metrics.val.total != 2"), "134") << "NaN is another value, none is not";
  EXPECT_EQ(found("params.flip != false"), "5");
}

TEST_F(Selection, BindsTighterWithAndThanWithOr) {
  EXPECT_EQ(found("run.seed = 1 or run.seed = 2 and run.seed = 3"), "1");
  EXPECT_EQ(found("(run.seed = 1 or run.seed = 2) and run.seed = 2"), "2");
  EXPECT_EQ(found("not (run.seed = 1 or run.seed = 2)"), "345");
}

TEST_F(Selection, AsksForTags) {
  store_.set_tags(ids_.at(1), {{"best", ""}, {"round", "12"}});
  store_.set_tags(ids_.at(2), {{"round", "3"}});
  EXPECT_EQ(found("tags.best is not null"), "2");
  EXPECT_EQ(found("tags.round = '3'"), "3");
  EXPECT_EQ(found("tags.round > 5"), "2") << "12 as a number";
  store_.set_tags(ids_.at(4), {{"round", "beta2"}});
  EXPECT_EQ(found("tags.round < 5"), "3") << "beta2 is no number";
  for (const char* number : {".5", "0.5", "5e-1", "+0.50", "5.e-1"}) {
    store_.set_tags(ids_.at(0), {{"part", number}});
    EXPECT_EQ(found("tags.part = 0.5"), "1") << number;
  }
  for (const char* text : {".5x", "x.5", "", "."}) {
    store_.set_tags(ids_.at(0), {{"part", text}});
    EXPECT_EQ(found("tags.part < 1e300"), "") << text;
  }
}

TEST_F(Selection, SortsWithWhatIsMissingLast) {
  EXPECT_EQ(found("", {"-metrics.val.total"}), "32145");
  EXPECT_EQ(found("", {"metrics.val.total.max"}), "12345");
  EXPECT_EQ(found("", {"params.encoder", "-params.batch_size"}), "53142");
  EXPECT_EQ(found("", {"-run.host", "-run.seed"}), "21435") << "small, big, none";
}

TEST_F(Selection, LimitsAndKnowsTheLost) {
  RunSelection selection;
  selection.limit = 2;
  EXPECT_EQ(digits(selection), "12");
  store_.claim(ids_.at(4), {});
  selection = {};
  selection.where = "status = 'interrupted'";
  EXPECT_EQ(digits(selection), "");
  selection.lost = {ids_.at(4)};
  EXPECT_EQ(digits(selection), "5");
}

TEST_F(Selection, LeavesOutTheTrash) {
  store_.trash({ids_.at(0)});
  EXPECT_EQ(found(""), "2345");
  EXPECT_EQ(found("metrics.val.total < 5"), "23");
}

TEST_F(Selection, FollowsWhatIsForgotten) {
  store_.connection().database().exec("update attempt set ended_at = null");
  store_.drop_epochs_after(ids_.at(0), query().attempts(ids_.at(0)).at(0).id, 1);
  EXPECT_EQ(found("metrics.val.total = 11 and metrics.val.total.mean = 11"), "1");
  EXPECT_EQ(found("run.epochs = 1"), "1");
}

TEST_F(Selection, TakesNamesThatMeanOneThing) {
  EXPECT_EQ(found("val.total < 2.5"), "12");
  EXPECT_EQ(found("val.total.max < 12.5"), "12");
  EXPECT_EQ(found("batch_size > 20 and not status = 'finished'"), "5");
  store_.set_tags(ids_.at(2), {{"seen", ""}});
  EXPECT_EQ(found("seen is not null"), "3");

  store_.set_tags(ids_.at(0), {{"gamma", "x"}});
  expect_error("filter, column 14: 'gamma' is ambiguous; write params.gamma or tags.gamma",
               [&] { found("seed = 1 and gamma = 1"); });
  EXPECT_EQ(found("params.gamma = 1"), "2");

  store_.set_tags(ids_.at(0), {{"status", "x"}});
  EXPECT_EQ(found("status = 'finished'"), "1234") << "fields of the run come first";
}

TEST_F(Selection, PointsAtTheFault) {
  const auto fault = [&](const std::string& where, const std::string& message) {
    expect_error(message, [&] { found(where); });
  };
  fault("metrics.val.totl < 2",
        "filter, column 1: no run has metrics.val.totl; did you mean 'val.total'?");
  fault("status = 'x' and params.batchsize = 1",
        "filter, column 18: no run has params.batchsize; did you mean 'batch_size'?");
  fault("run.statu = 'x'", "there is no field 'run.statu'; did you mean 'status'?");
  fault("metric.x = 1", "no run has metrics.x");
  fault("val.totl < 1",
        "filter, column 1: no run has a field 'val.totl'; did you mean 'val.total'?");
  fault("nothing_like_it = 1", "no run has a field 'nothing_like_it'; a field is a metric");
  fault("metrcs.x = 1", "there are no fields 'metrcs.…'; did you mean 'metrics'?");
  fault("status = finished", "column 10: 'finished' is not a value; a text needs quotes");
  fault("status = 'fin", "column 10: the ' that opens here is never closed");
  fault("status ~ 'x'", "column 8: '~' has no meaning here");
  fault("status = 'x'; drop table run", "column 13: ';' has no meaning here");
  fault("'größe' = 1 and ö", "column 1: a condition starts with a field");
  fault("status = 'ö' ö", "column 14: byte 0xc3 has no meaning here");
  fault("seed = 1 seed = 2", "column 10: 'seed' was not expected; join conditions with AND or OR");
  fault("(seed = 1", "')' is expected here");
  fault("seed = 1 and", "a condition is missing");
  fault("seed =", "a value is missing");
  fault("seed not = 2", "a comparison is expected here");
  fault("seed = 2h", "'seed' is not a time; leave the unit out");
  fault("seed = 2parsec", "'parsec' is not a unit");
  fault("run.started > 7", "a time is expected");
  fault("run.started > '2026-13-01'", "a time is expected");
  fault("metrics.val.total like 'x'", "is a number, which LIKE cannot compare");
  fault("metrics.val.total > nan", "NaN is neither larger nor smaller");
  fault("status > 3", "'status' is a text");
  fault(std::string(200, '(') + "seed = 1", "nested more than 12 deep");
  fault(std::string(9000, ' ') + "seed = 1", "longer than 8 KiB");
}

TEST_F(Selection, BearsTheLargestThatItAllows) {
  std::string deep = "seed = 1";
  std::string negated = "seed = 1";
  for (int i = 0; i < 11; ++i) deep = "(seed = 9 or seed = 8 and " + deep + " or seed = 7)";
  for (int i = 0; i < 5; ++i) negated = "not (seed = 9 and " + negated + ")";
  EXPECT_NO_THROW(found(deep));
  EXPECT_NO_THROW(found(negated));
  std::string wide = "seed in (1";
  for (int i = 0; i < 99; ++i) wide += ", 2";
  wide += ")";
  std::string many;
  for (int i = 0; i < 195; ++i) many += "seed = 1 or ";
  EXPECT_EQ(found(many + wide), "12");
}

}  // namespace
}  // namespace epochal::store
