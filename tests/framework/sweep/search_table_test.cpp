#include <gtest/gtest.h>

#include <set>

#include "framework/sweep/expansion.h"
#include "framework/sweep/search_points.h"
#include "framework/sweep/sweep.h"
#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

constexpr char kSearchSpace[] =
    "rate = { log_uniform = [1e-5, 1e-1] }\n"
    "momentum = { uniform = [0, 1], when = { optimizer = \"sgd\" } }\n"
    "optimizer = { choice = [\"sgd\", \"adam\"] }\n"
    "size = { int_uniform = [3, 5] }\n";

Sweep sweep_of(const std::string& search, const std::string& rest = "") {
  return parse_sweep("name = \"s\"\nexperiment = \"toy\"\n" + rest + "[sweep.search]\n" + search,
                     "s.toml");
}

SearchRequest search_of(const std::string& search) {
  return *sweep_of(search).search;
}

Sweep overridden(const std::string& search, const std::vector<std::string>& overrides) {
  Sweep sweep = sweep_of(search);
  apply_overrides(sweep, overrides);
  return sweep;
}

ExperimentInfo toy() {
  ExperimentInfo info;
  info.name = "toy";
  info.schema = Schema({
      real_parameter("rate", 0.1, "learning rate").between(0, 1),
      real_parameter("momentum", 0.5, "of sgd").between(0, 1),
      text_parameter("optimizer", "adam", "which"),
      integer_parameter("size", 3, "images").between(1, 100),
      real_parameter("half", 0, "of the size"),
  });
  info.metrics = {{"loss", Better::lower, "", ""}, {"accuracy", Better::higher, "", ""}};
  info.objective = "loss";
  return info;
}

std::vector<RunSpec> expanded(const Sweep& sweep) {
  const ExperimentInfo info = toy();
  return expand(sweep, {&info});
}

TEST(SearchTable, ReadsItsKeysAndParameters) {
  const SearchRequest search =
      search_of(std::string("trials = 40\nseed = 3\nstartup = 5\nmetric = \"val.loss\"\n"
                            "mode = \"max\"\nvalue = \"best\"\n") +
                kSearchSpace);
  EXPECT_EQ(search.trials, 40);
  EXPECT_EQ(search.seed, 3u);
  EXPECT_EQ(search.startup, 5);
  EXPECT_EQ(search.metric, "val.loss");
  EXPECT_FALSE(search.lower_is_better);
  EXPECT_EQ(search.value, SearchRequest::Value::best);
  ASSERT_EQ(search.parameters.size(), 4u);
  EXPECT_EQ(search.parameters[0].name, "rate");
  EXPECT_EQ(search.parameters[1].name, "optimizer") << "before the one that depends on it";
  EXPECT_EQ(search.parameters[2].name, "momentum");
  EXPECT_EQ(to_text(search.parameters[2]), "uniform [0, 1], when optimizer is \"sgd\"");
  EXPECT_EQ(to_text(search.parameters[1]), "choice [\"sgd\", \"adam\"]");
}

TEST(SearchTable, HasDefaults) {
  const SearchRequest search = search_of(kSearchSpace);
  EXPECT_EQ(search.trials, 100);
  EXPECT_EQ(search.startup, 10);
  EXPECT_EQ(search.value, SearchRequest::Value::last);
}

TEST(SearchTable, SaysWhatIsWrong) {
  const auto expect_refused = [](const std::string& search, const std::string& part) {
    expect_error(part, [&] { sweep_of(search); });
  };
  expect_refused("trials = 3\n", "[sweep.search] chooses no parameter");
  expect_refused("trials = 0\nrate = { uniform = [0, 1] }\n", "trials must be a whole number");
  expect_refused("mode = \"less\"\nrate = { uniform = [0, 1] }\n", "must be \"min\" or \"max\"");
  expect_refused("rate = { uniform = [1, 0] }\n", "the smaller one first");
  expect_refused("rate = { normal = [1, 0] }\n", "there is no distribution 'normal'");
  expect_refused("rate = { uniform = [0, 1], choice = [1] }\n", "must be one distribution");
  expect_refused("rate = { uniform = [0, 1], when = { x = 1 } }\n",
                 "rate depends on x, which the search does not choose");
  expect_refused("rate = { uniform = [0, 1], when = { a = 1, b = 2 } }\n",
                 "when of rate must name one parameter");
  expect_refused("x = { uniform = [0, 1] }\nrate = { uniform = [0, 1], when = { x = 1 } }\n",
                 "which is not a choice");
  expect_refused("x = { choice = [1, 2] }\nrate = { uniform = [0, 1], when = { x = 3 } }\n",
                 "a value of x that it cannot have: 3");
  expect_refused("x = { choice = [1, 2], when = { x = 1 } }\n", "the condition of x depends on");
  expect_error("rate is set in two places",
               [] { sweep_of("rate = { uniform = [0, 1] }\n", "[params]\nrate = 1\n"); });
}

TEST(SearchTable, OverridesReplaceItsKeys) {
  const Sweep sweep = overridden(
      kSearchSpace, {"trials=200", "search.seed=7", "search.rate={ uniform = [0, 1] }", "size=4"});
  EXPECT_EQ(sweep.search->trials, 200);
  EXPECT_EQ(sweep.search->seed, 7u);
  EXPECT_EQ(to_text(sweep.search->parameters[0]), "uniform [0, 1]");
  EXPECT_EQ(sweep.search->find("size"), nullptr) << "it has one value now";
}

TEST(SearchTable, AFixedValueDecidesAboutConditions) {
  const Sweep sgd = overridden(kSearchSpace, {"optimizer=sgd"});
  EXPECT_FALSE(sgd.search->find("momentum")->when);
  const Sweep adam = overridden(kSearchSpace, {"optimizer=adam"});
  EXPECT_EQ(adam.search->find("momentum"), nullptr);
  EXPECT_EQ(adam.search->parameters.size(), 2u);
}

TEST(SearchTable, MoreTrialsAreTheSameSweep) {
  const std::string before = content_hash(sweep_of(kSearchSpace));
  EXPECT_EQ(content_hash(overridden(kSearchSpace, {"trials=200"})), before);
  EXPECT_NE(content_hash(overridden(kSearchSpace, {"search.seed=1"})), before);
  EXPECT_NE(content_hash(overridden(kSearchSpace, {"search.rate={ uniform = [0, 1] }"})), before);
}

TEST(SearchTable, RefusesWhatASearchCannotHaveBesideIt) {
  const auto expect_refused = [](const std::string& rest, const std::string& part) {
    expect_error(part, [&] { expanded(sweep_of(kSearchSpace, rest)); });
  };
  expect_refused("seeds = [0, 1]\n", "a trial of [sweep.search] has one seed");
  expect_refused("[sweep.grid]\nhalf = [1, 2]\n", "no other axes, but half has several values");
  expect_refused("[sweep]\nexclude = [\"size > 3\"]\n", "excludes no points");
  expect_error("cannot choose epochs, the length of a run",
               [] { expanded(sweep_of("epochs = { int_uniform = [1, 9] }\n")); });
  expect_error("no other axes", [] { expanded(overridden(kSearchSpace, {"half=1,2"})); });
}

TEST(SearchTable, IsCheckedBeforeTheFirstTrial) {
  expect_error("unknown parameter 'rat'",
               [] { expanded(sweep_of("rat = { uniform = [0, 1] }\n")); });
  expect_error("rate = 2 is out of range",
               [] { expanded(sweep_of("rate = { uniform = [0, 2] }\n")); });
  expect_error("size = 1000 is out of range",
               [] { expanded(sweep_of("size = { choice = [1, 1000] }\n")); });
  expect_error("[sweep.search] uses 'los', which the experiment does not measure",
               [] { expanded(sweep_of("metric = \"los\"\nrate = { uniform = [0, 1] }\n")); });
  expect_error("[sweep.search] has mode = \"max\", but for loss lower values are better",
               [] { expanded(sweep_of("mode = \"max\"\nrate = { uniform = [0, 1] }\n")); });
}

TEST(SearchTable, KnowsItsStartupPoints) {
  const auto runs = expanded(sweep_of(kSearchSpace, "[params]\nhalf = \"size / 2\"\n"));
  ASSERT_EQ(runs.size(), 10u);
  for (const RunSpec& run : runs) {
    EXPECT_EQ(run.parameters.real("half"), static_cast<double>(run.parameters.integer("size")) / 2);
  }
}

/// The points are the core's, as random ones are rounded.
TEST(SearchPoints, AreRoundedAndReadBack) {
  const SearchRequest search = search_of(kSearchSpace);
  std::vector<PastTrial> history;
  int conditional = 0;
  for (std::uint64_t number = 0; number < 25; ++number) {
    const AskedPoint asked = next_point(search, history, true, number);
    EXPECT_EQ(asked.is_model, number >= 10);
    double rate = 0;
    bool is_sgd = false;
    bool has_momentum = false;
    for (const Assignment& assignment : assignments_at(search, asked.point)) {
      if (assignment.name == "rate") rate = std::get<double>(assignment.value);
      if (assignment.name == "optimizer") is_sgd = to_text(assignment.value) == "sgd";
      if (assignment.name == "momentum") has_momentum = true;
    }
    EXPECT_LE(to_text(rate).size(), 9u) << to_text(rate);
    EXPECT_EQ(is_sgd, has_momentum) << asked.point;
    conditional += has_momentum ? 1 : 0;
    history.push_back({asked.point, search::Trial::State::finished, rate, 0});
  }
  EXPECT_GT(conditional, 0);
  EXPECT_LT(conditional, 25);
}

TEST(SearchPoints, MoreIsBetterTurnsTheSearchRound) {
  const SearchRequest search = search_of("rate = { uniform = [0, 1] }\n");
  const auto end_of = [&](bool lower_is_better) {
    std::vector<PastTrial> history;
    double last = 0;
    for (std::uint64_t number = 0; number < 60; ++number) {
      const AskedPoint asked = next_point(search, history, lower_is_better, number);
      last = std::get<double>(assignments_at(search, asked.point).front().value);
      history.push_back({asked.point, search::Trial::State::finished, last, 0});
    }
    return last;
  };
  EXPECT_LT(end_of(true), 0.3);
  EXPECT_GT(end_of(false), 0.7);
}

TEST(SearchPoints, TellChoicesOfAllTypesApart) {
  const SearchRequest search = search_of("x = { choice = [1, -1, 1.0, true, \"1\"] }\n");
  std::vector<PastTrial> history;
  std::set<std::pair<std::size_t, std::string>> seen;
  for (std::uint64_t number = 0; number < 40; ++number) {
    const AskedPoint asked = next_point(search, history, true, number);
    const ParameterValue value = assignments_at(search, asked.point).at(0).value;
    seen.emplace(value.index(), to_text(value));
    history.push_back({asked.point, search::Trial::State::finished, 0, 0});
  }
  EXPECT_EQ(seen.size(), 5u);
}

TEST(SearchPoints, RefusesARecordThatIsBroken) {
  const SearchRequest search = search_of(kSearchSpace);
  expect_error("a recorded point of the search is broken", [&] { assignments_at(search, "["); });
  expect_error("optimizer has none of its choices",
               [&] { assignments_at(search, R"({"optimizer": "rmsprop"})"); });
  expect_error("rate is not a number", [&] { assignments_at(search, R"({"rate": "high"})"); });
}

}  // namespace
}  // namespace epochal
