// How long the runs of a sweep are, and what their seeds decide.

#include "framework/sweep/run_length.h"

#include <gtest/gtest.h>

#include "framework/sweep/expansion.h"
#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

/// An epoch of `size` samples in batches of `batch`.
ExperimentInfo trainer() {
  ExperimentInfo info;
  info.name = "toy";
  info.schema = Schema({
      integer_parameter("size", 100, "images").between(1, 1'000'000),
      integer_parameter("batch", 20, "a step").between(1, 100),
      integer_parameter("subset", 0, "of the images").between(0, 1'000'000),
      real_parameter("rate", 0.1, "learning rate").between(0, 1),
  });
  info.epoch_size = [](const Parameters& parameters) {
    return EpochSize{parameters.integer("size"), parameters.integer("batch")};
  };
  return info;
}

std::vector<RunSpec> trained(const std::string& text,
                             const std::vector<std::string>& overrides = {},
                             const ExperimentInfo& info = trainer()) {
  Sweep sweep = parse_sweep("name = \"s\"\nexperiment = \"toy\"\n" + text, "/sweeps/s.toml");
  apply_overrides(sweep, overrides);
  std::vector<RunSpec> runs = expand(sweep, {&info});
  identify(runs, {&info});
  return runs;
}

std::int64_t short_steps(const RunSpec& run) {
  return recorded_steps(trainer().schema, run.length).value_or(0);
}

TEST(RunLength, IsANumberOfEpochsStepsOrImages) {
  struct Case {
    const char* text;
    Epoch epochs;
    std::int64_t steps;  ///< 0: the last epoch is whole
  };
  for (const Case& c :
       {Case{"epochs = 7", 7, 0}, Case{"steps = 25", 5, 0}, Case{"steps = 27", 6, 27},
        Case{"steps = 2", 1, 2}, Case{"images = 300", 3, 0}, Case{"images = 301", 4, 16},
        Case{"images = 340", 4, 17}, Case{"images = 399", 4, 0}}) {
    const RunSpec run = trained(std::string(c.text) + "\n").front();
    EXPECT_EQ(run.epochs, c.epochs) << c.text;
    EXPECT_EQ(short_steps(run), c.steps) << c.text;
  }
  // The last batch of an epoch may be smaller.
  const RunSpec uneven = trained("images = 105\n[params]\nsize = 50\n").front();
  EXPECT_EQ(uneven.epochs, 3);
  EXPECT_EQ(short_steps(uneven), 7);
}

TEST(RunLength, MayBeAFormulaOverTheParameters) {
  const auto runs = trained(
      "epochs = \"ceil(50 * batch / size)\"\n[[sweep.zip]]\nsize = [100, 1000]\n"
      "batch = [20, 50]\n");
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].epochs, 10);
  EXPECT_EQ(runs[1].epochs, 3);
  EXPECT_EQ(trained("steps = \"20 * batch\"\n")[0].epochs, 80);
  expect_error("reads 'bach', which is not a parameter; did you mean 'batch'?",
               [] { trained("epochs = \"20 * bach\"\n"); });
  expect_error("epochs = 0 is out of range", [] { trained("epochs = \"batch - 20\"\n"); });
  expect_error("takes 20000000 epochs", [] { trained("steps = 100_000_000\n"); });
}

TEST(RunLength, MayStandInAnAxis) {
  EXPECT_EQ(trained("[sweep.grid]\nepochs = [2, 4]\n").size(), 2U);
  const auto zipped = trained("[[sweep.zip]]\nsize = [100, 1000]\nsteps = [10, 75]\n");
  ASSERT_EQ(zipped.size(), 2U);
  EXPECT_EQ(zipped[0].epochs, 2);
  EXPECT_EQ(zipped[1].epochs, 2);
  EXPECT_EQ(short_steps(zipped[1]), 75);
  const auto listed = trained(
      "epochs = 3\n[[sweep.list]]\nsize = 100\n[[sweep.list]]\nsize = 100\nsteps = 15\n"
      "[[sweep.list]]\nsize = 100\nepochs = 3\n");
  ASSERT_EQ(listed.size(), 2U) << "three epochs are fifteen steps";
  EXPECT_EQ(listed[0].identity, trained("epochs = 3\n")[0].identity);
  EXPECT_EQ(listed[1].length.integer("epochs"), 3);
  expect_error("epochs and steps both say how long the runs are",
               [] { trained("[sweep.grid]\nepochs = [2]\nsteps = [10]\n"); });
}

TEST(RunLength, OverridesReplaceItEverywhere) {
  const std::string arms = "[[sweep.list]]\nsize = 50\nepochs = 9\n[[sweep.list]]\nsteps = 99\n";
  for (const char* one : {"epochs=2", "steps=10", "images=200"}) {
    const auto runs = trained(arms, {one});
    ASSERT_EQ(runs.size(), 2U) << one;
    EXPECT_EQ(runs[1].epochs, 2) << one;
    EXPECT_TRUE(runs[1].length.all().empty()) << one;
  }
  EXPECT_EQ(trained("", {"epochs=2,4"}).size(), 2U);
  EXPECT_EQ(trained("steps = 10\n", {"epochs=3"})[0].epochs, 3);
}

TEST(RunLength, TheLastOverrideWins) {
  const std::string grid = "[sweep.grid]\nepochs = [3, 5]\n";
  const std::string zip = "[[sweep.zip]]\nsize = [100, 200]\nepochs = [3, 5]\n";
  const auto epochs = [](const std::string& axes, const std::vector<std::string>& overrides) {
    std::vector<Epoch> all;
    for (const RunSpec& run : trained(axes, overrides)) all.push_back(run.epochs);
    return all;
  };
  for (const std::string& axes : {grid, zip}) {
    EXPECT_EQ(epochs(axes, {"epochs=7", "epochs=2,4"}), (std::vector<Epoch>{2, 4})) << axes;
    EXPECT_EQ(epochs(axes, {"steps=12", "epochs=2,4"}), (std::vector<Epoch>{2, 4})) << axes;
  }
  EXPECT_EQ(epochs(grid, {"epochs=7", "steps=10,20"}), (std::vector<Epoch>{2, 4}));
  EXPECT_EQ(epochs(grid, {"steps=10,20", "epochs=7"}), (std::vector<Epoch>{7}));
  EXPECT_EQ(epochs(grid, {"epochs=2,4", "epochs=7"}), (std::vector<Epoch>{7}));
}

/// An experiment may have a parameter that is called as a length is.
TEST(RunLength, ALengthForAllLeavesParametersOfItsName) {
  ExperimentInfo own = trainer();
  own.schema = Schema({integer_parameter("steps", 3, "of its own")});
  const auto runs = trained("[sweep.grid]\nepochs = [3, 5]\n", {"epochs=7", "steps=1,2"}, own);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].epochs, 7);
  EXPECT_EQ(runs[1].parameters.integer("steps"), 2);
}

TEST(RunLength, IsPartOfTheIdentityWhereRunsDifferInIt) {
  const std::string base = trained("epochs = 3\n")[0].identity;
  EXPECT_EQ(base, trained("epochs = 5\n")[0].identity) << "more epochs continue a run";
  EXPECT_EQ(base, trained("steps = 15\n")[0].identity) << "whole epochs";
  EXPECT_EQ(base, trained("epochs = \"1 + 2\"\n")[0].identity);
  const std::string short_last = trained("steps = 17\n")[0].identity;
  EXPECT_NE(base, short_last);
  EXPECT_NE(short_last, trained("steps = 18\n")[0].identity);
  const auto arms = trained("[sweep.grid]\nepochs = [3, 5]\n");
  EXPECT_NE(arms[0].identity, arms[1].identity);
  EXPECT_NE(arms[0].group_identity, arms[1].group_identity);
}

TEST(RunLength, InStepsNeedsAnExperimentThatKnowsItsEpochs) {
  ExperimentInfo unknowing = trainer();
  unknowing.epoch_size = nullptr;
  expect_error("the experiment 'toy' does not say it; use epochs",
               [&] { trained("steps = 5\n", {}, unknowing); });
  ExperimentInfo own = trainer();
  own.schema = Schema({integer_parameter("size", 100, ""), integer_parameter("batch", 20, ""),
                       integer_parameter("steps", 3, "of its own")});
  EXPECT_EQ(trained("[sweep.grid]\nsteps = [1, 2]\n", {}, own)[1].parameters.integer("steps"), 2);
  expect_error("has a parameter of its own called steps", [&] { trained("steps = 7\n", {}, own); });
}

TEST(Seeds, MayDecideParameters) {
  const auto runs =
      trained("seeds = [0, 3]\n[params]\nsubset = \"seed\"\n[sweep.grid]\nrate = [0.1, 0.2]\n");
  ASSERT_EQ(runs.size(), 4U);
  EXPECT_EQ(runs[1].parameters.integer("subset"), 3);
  EXPECT_NE(runs[0].identity, runs[1].identity);
  EXPECT_EQ(runs[0].group_identity, runs[1].group_identity) << "seeds of one setting";
  EXPECT_NE(runs[0].group_identity, runs[2].group_identity);
  EXPECT_NE(runs[0].group_identity, trained("")[0].group_identity);
  EXPECT_EQ(runs[0].identity, trained("")[0].identity) << "only the values make a run";
}

TEST(Seeds, DecideAParameterWhoseDefaultIsNoPartOfARun) {
  ExperimentInfo later = trainer();
  later.schema =
      Schema({integer_parameter("size", 100, ""), integer_parameter("batch", 20, ""),
              integer_parameter("subset", 0, "").added_later(), integer_parameter("width", 1, "")});
  const auto runs = trained("seeds = [0, 1]\n[params]\nsubset = \"seed\"\n", {}, later);
  EXPECT_EQ(runs[0].group_identity, runs[1].group_identity) << "the default is a value of the seed";
  EXPECT_EQ(runs[0].identity, trained("", {}, later)[0].identity);
}

TEST(Seeds, MayDecideThemThroughOtherParameters) {
  const auto runs =
      trained("seeds = [1, 2]\n[params]\nsubset = \"10 * seed\"\nsize = \"100 + subset\"\n");
  EXPECT_EQ(runs[1].parameters.integer("size"), 120);
  EXPECT_EQ(runs[0].group_identity, runs[1].group_identity);
}

}  // namespace
}  // namespace epochal
