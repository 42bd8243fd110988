#include "framework/sweep/expansion.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

ExperimentInfo experiment() {
  ExperimentInfo info;
  info.name = "toy";
  info.version = 3;
  info.schema = Schema({
      integer_parameter("size", 10, "images").between(1, 1'000'000),
      integer_parameter("batch", 2, "a step").between(1, 100),
      real_parameter("rate", 0.1, "learning rate").between(0, 1),
      path_parameter("content", "generated:scenes", "images").one_of({"mini"}),
      integer_parameter("threads", 1, "loaders").as(ParameterRole::resource),
  });
  return info;
}

std::vector<RunSpec> expanded(const std::string& text,
                              const std::vector<std::string>& overrides = {}) {
  Sweep sweep = parse_sweep("name = \"s\"\nexperiment = \"toy\"\n" + text, "/sweeps/s.toml");
  apply_overrides(sweep, overrides);
  const ExperimentInfo toy = experiment();
  std::vector<RunSpec> runs = expand(sweep, {&toy});
  identify(runs, {&toy});
  return runs;
}

/// One that has `size` as the toy has it, and a parameter of its own.
ExperimentInfo game() {
  ExperimentInfo info;
  info.name = "game";
  info.schema = Schema({integer_parameter("size", 3, "pieces").between(1, 1'000'000),
                        integer_parameter("players", 2, "at once").between(1, 8)});
  info.report_inputs = {{"board", ReportInputSpec::Kind::path, "to draw"}};
  return info;
}

/// Of a sweep with both.
std::vector<RunSpec> expanded_for_both(const std::string& text) {
  const Sweep sweep =
      parse_sweep("name = \"s\"\nexperiment = [\"toy\", \"game\"]\n" + text, "/sweeps/s.toml");
  const ExperimentInfo toy = experiment();
  const ExperimentInfo other = game();
  std::vector<RunSpec> runs = expand(sweep, {&toy, &other});
  identify(runs, {&toy, &other});
  return runs;
}

TEST(Expansion, OfSeveralExperimentsGivesEachItsOwnParameters) {
  const auto runs = expanded_for_both(
      "[params]\nplayers = 4\n[sweep.grid]\nsize = [5, 6]\nrate = [0.1, 0.2]\n[report]\nboard = "
      "\"b\"\ncompare_by = \"rate\"\n");
  ASSERT_EQ(runs.size(), 6u);  // the game has no rate: two sizes
  EXPECT_EQ(runs[0].experiment, "toy");
  EXPECT_EQ(runs[0].parameters.find("players"), nullptr);
  EXPECT_EQ(runs[3].parameters.real("rate"), 0.2);
  EXPECT_EQ(runs[4].experiment, "game");
  EXPECT_EQ(runs[5].parameters.integer("size"), 6);
  EXPECT_EQ(runs[5].parameters.integer("players"), 4);
  EXPECT_EQ(runs[0].identity, expanded("[params]\nsize = 5\nrate = 0.1\n")[0].identity);
  EXPECT_EQ(runs[4].identity.size(), 64u);
}

TEST(Expansion, OfSeveralExperimentsExcludesWhereAllNamesAreKnown) {
  EXPECT_EQ(expanded_for_both("[sweep.grid]\nsize = [5, 6]\n[[sweep.exclude]]\nsize = 5\nplayers = "
                              "2\n")
                .size(),
            3u);
  EXPECT_EQ(
      expanded_for_both("[sweep.grid]\nsize = [5, 6]\n[sweep]\nexclude = [\"rate < 1\"]\n").size(),
      2u);
}

TEST(Expansion, OfSeveralExperimentsRefusesWhatNoneOfThemHas) {
  expect_error("unknown parameter 'playres'; did you mean 'players'?",
               [] { expanded_for_both("[params]\nplayres = 2\n"); });
  expect_error("compare_by names an unknown parameter 'colour'",
               [] { expanded_for_both("[report]\ncompare_by = \"colour\"\n"); });
  expect_error("unknown key 'bord' in [report]; did you mean 'board'?",
               [] { expanded_for_both("[report]\nbord = \"b\"\n"); });
  expect_error("[stop] compares runs of one experiment, but the sweep has several",
               [] { expanded_for_both("[stop]\npatience = 2\nmetric = \"x\"\nmode = \"min\"\n"); });
}

TEST(Expansion, IsTheProductOfAxesAndSeedsInFileOrder) {
  const auto runs = expanded(
      "seeds = [7, 8]\n[sweep.grid]\nrate = [0.1, 0.2]\n[[sweep.zip]]\nsize = [1, 2]\nbatch = [3, "
      "4]\n");
  ASSERT_EQ(runs.size(), 8u);
  EXPECT_EQ(runs[0].seed, 7u);
  EXPECT_EQ(runs[1].seed, 8u);  // seeds move fastest
  EXPECT_EQ(runs[2].parameters.integer("size"), 2);
  EXPECT_EQ(runs[2].parameters.integer("batch"), 4);
  EXPECT_EQ(runs[3].parameters.real("rate"), 0.1);
  EXPECT_EQ(runs[4].parameters.real("rate"), 0.2);
}

TEST(Expansion, TakesDefaultsForTheRest) {
  const auto runs = expanded("");
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].parameters.integer("size"), 10);
}

TEST(Expansion, KeepsEqualPointsOnce) {
  EXPECT_EQ(expanded("[sweep.grid]\nsize = [5, 5, 6]\n").size(), 2u);
}

TEST(Expansion, ListPointsNameWhatTheyChange) {
  const auto runs = expanded("[[sweep.list]]\nsize = 3\n[[sweep.list]]\nrate = 0.5\n");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].parameters.integer("size"), 3);
  EXPECT_EQ(runs[1].parameters.integer("size"), 10);
  EXPECT_EQ(runs[1].parameters.real("rate"), 0.5);
}

TEST(Expansion, ComputesValuesFromOthers) {
  const auto runs = expanded(
      "[params]\nbatch = \"min(44, size / 5)\"\nrate = \"1 / (10 * batch)\"\n"
      "[sweep.grid]\nsize = [93, 1000]\n");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].parameters.integer("batch"), 18);  // 18.6, rounded down
  EXPECT_EQ(runs[0].parameters.real("rate"), 0.00555555555556);
  EXPECT_EQ(runs[1].parameters.integer("batch"), 44);
  EXPECT_EQ(expanded("", {"batch=floor(size / 3) + 1"})[0].parameters.integer("batch"), 4);
  EXPECT_EQ(expanded("", {"batch=0.29 * 100"})[0].parameters.integer("batch"), 29);
  EXPECT_EQ(expanded("", {"batch=28.99999 + 0"})[0].parameters.integer("batch"), 28);
}

TEST(Expansion, RefusesFormulasThatCannotBeWorkedOut) {
  const auto batch = [](const std::string& formula) {
    return [formula] { expanded("[params]\nbatch = \"" + formula + "\"\n"); };
  };
  expect_error("'siez', which is not a parameter; did you mean 'size'?", batch("siez / 2"));
  expect_error("'content', which is a text", batch("content / 2"));
  expect_error("is not a formula", batch("size /"));
  expect_error("reads 'abs', which is not a parameter", batch("abs"));
  expect_error("is not a formula", batch("size = 3"));
  expect_error("gives inf", batch("size / 0"));
  expect_error("batch = 10000 is out of range", batch("size * 1000"));
  expect_error("not a valid whole number", batch("10^30"));
  expect_error("depends on itself", batch("batch + 1"));
  expect_error("depends on itself",
               [] { expanded("[params]\nbatch = \"rate * 10\"\nrate = \"batch / 10\"\n"); });
  expect_error("at most 500 bytes", batch(std::string(501, '1')));
  expect_error(
      "'0,5' has a comma outside of the parentheses of a function; write several values as a list",
      batch("0,5"));
  expect_error("has a comma outside", batch("min(1, 2), 3"));
  expect_error("batch must be a number, but 2024-01-02 is a date",
               [] { expanded("[params]\nbatch = 2024-01-02\n"); });
}

TEST(Expansion, LeavesOutWhatMeetsACondition) {
  const auto runs = expanded(
      "[sweep]\nexclude = [\"size > 1 && batch == 2\"]\n"
      "[sweep.grid]\nsize = [1, 2, 3]\nbatch = [1, 2]\n");
  ASSERT_EQ(runs.size(), 4u);
  expect_error("'siez', which is not a parameter",
               [] { expanded("[sweep]\nexclude = [\"siez > 1\"]\n"); });
  expect_error("has no runs", [] { expanded("[sweep]\nexclude = [\"1\"]\n"); });
}

TEST(Expansion, LeavesOutRunsBySeedAndEpochs) {
  const std::string lists =
      "seeds = [0, 1, 2]\n[[sweep.list]]\nsize = 1\nepochs = 5\n"
      "[[sweep.list]]\nsize = 2\nepochs = \"10 * size\"\n";
  const auto by_condition = expanded(lists + "[sweep]\nexclude = [\"seed > 0 && epochs > 5\"]\n");
  ASSERT_EQ(by_condition.size(), 4u);
  EXPECT_EQ(by_condition[3].epochs, 20);
  EXPECT_EQ(by_condition[3].seed, 0u);
  const auto by_values = expanded(lists + "[[sweep.exclude]]\nepochs = 20\nseed = 2\n");
  ASSERT_EQ(by_values.size(), 5u);
  EXPECT_EQ(by_values[4].seed, 1u);
  expect_error("seed must be an integer",
               [&] { expanded(lists + "[[sweep.exclude]]\nseed = \"two\"\n"); });
}

TEST(Expansion, LeavesOutWhatIsExcluded) {
  const std::string grid = "[sweep.grid]\nsize = [1, 2, 3]\nbatch = [1, 2]\n";
  const auto runs = expanded(grid +
                             "[[sweep.exclude]]\nsize = 1\nbatch = 2\n"
                             "[[sweep.exclude]]\nsize = 3\n");
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].parameters.integer("batch"), 1);
  EXPECT_EQ(runs[2].parameters.integer("size"), 2);
  EXPECT_EQ(expanded("[sweep]\nexclude = []\n" + grid).size(), 6u) << "nothing";
  expect_error("all are excluded; exclude fewer",
               [&] { expanded(grid + "[[sweep.exclude]]\nrate = 0.1\n"); });
  expect_error("unknown parameter 'sise'",
               [&] { expanded(grid + "[[sweep.exclude]]\nsise = 1\n"); });
  expect_error("it would exclude every run", [&] { expanded(grid + "[[sweep.exclude]]\n"); });
}

TEST(Expansion, RandomSamplesMultiplyWithOtherAxes) {
  const auto runs = expanded(
      "[sweep.grid]\nsize = [1, 2]\n[sweep.random]\nsamples = 4\nrate = { uniform = [0, 1] }\n");
  EXPECT_EQ(runs.size(), 8u);
  expect_error("rate is set in two places", [] {
    expanded("[params]\nrate = 0.5\n[sweep.random]\nsamples = 4\nrate = { uniform = [0, 1] }\n");
  });
}

TEST(Expansion, ErrorsNameThePlaceInTheFile) {
  expect_error("s.toml:4:9: unknown parameter 'sise'; did you mean 'size'?",
               [] { expanded("[sweep.grid]\nsise = [1]\n"); });
  expect_error("s.toml:4:12: size = 0 is out of range",
               [] { expanded("[sweep.grid]\nsize = [1, 0]\n"); });
  expect_error("command line, batch=1000: batch = 1000 is out of range",
               [] { expanded("", {"batch=1000"}); });
  expect_error("unknown parameter 'epoch'; did you mean 'epochs'?",
               [] { expanded("", {"epoch=3"}); });
  expect_error("s.toml:4:10: seeds is no parameter, but a key of the sweep; write it at the top",
               [] { expanded("[sweep.grid]\nseeds = [4, 5]\n"); });
  expect_error("name is no parameter, but a key of the sweep",
               [] { expanded("[params]\nname = \"x\"\n"); });
  expect_error("size must be an integer, but 1.5 is a real number",
               [] { expanded("[params]\nsize = 1.5\n"); });
  expect_error("compare_by names an unknown parameter 'sizes'; did you mean 'size'?",
               [] { expanded("[report]\ncompare_by = \"sizes\"\n"); });
}

TEST(Expansion, ResolvesPathsAgainstWhereTheyWereGiven) {
  EXPECT_EQ(expanded("[params]\ncontent = \"../photos\"\n")[0].parameters.text("content"),
            "/photos");
  EXPECT_EQ(expanded("", {"content=photos"})[0].parameters.text("content"),
            std::filesystem::current_path() / "photos");
  EXPECT_EQ(expanded("", {"content=generated:x"})[0].parameters.text("content"), "generated:x");
  EXPECT_EQ(expanded("", {"content=mini"})[0].parameters.text("content"), "mini");
}

TEST(Expansion, ExpandsTheHomeFolder) {
  const std::string home = std::getenv("HOME");
  for (const auto& text : {expanded("[params]\ncontent = \"~/photos\"\n")[0].parameters,
                           expanded("", {"content=~/photos"})[0].parameters}) {
    EXPECT_EQ(text.text("content"), home + "/photos");
  }
  EXPECT_EQ(expanded("", {"content=~"})[0].parameters.text("content"), home);
  EXPECT_EQ(expanded("", {"content=/x/~y"})[0].parameters.text("content"), "/x/~y");
}

TEST(Expansion, NumbersAndDatesAreFoldersWhereAPathIsDeclared) {
  EXPECT_EQ(expanded("[params]\ncontent = 2024\n")[0].parameters.text("content"), "/sweeps/2024");
  EXPECT_EQ(expanded("[params]\ncontent = 2024-01-02\n")[0].parameters.text("content"),
            "/sweeps/2024-01-02");
  const std::filesystem::path here = std::filesystem::current_path();
  for (const char* name : {"2024", "2024-01-02", "1e3", "007"}) {
    EXPECT_EQ(expanded("", {std::string("content=") + name})[0].parameters.text("content"),
              here / name);
  }
  const auto both = expanded("", {"content=2024,1e3"});
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[1].parameters.text("content"), here / "1e3");
}

TEST(Expansion, AWholeRealServesForAnInteger) {
  EXPECT_EQ(expanded("", {"size=1e3"})[0].parameters.integer("size"), 1000);
  EXPECT_EQ(expanded("[params]\nsize = 2.0\n")[0].parameters.integer("size"), 2);
}

TEST(Stop, TakesItsDirectionFromTheExperiment) {
  ExperimentInfo info = experiment();
  info.metrics = {{"val.accuracy", Better::higher, "", ""}, {"norm", {}, "", ""}};
  info.objective = "val.accuracy";
  const auto resolved = [&](const std::string& rules) {
    return resolved_stop(
        parse_sweep("name='s'\nexperiment='toy'\n[stop]\npatience=2\n" + rules, "s.toml"), info);
  };
  EXPECT_EQ(resolved("").metric, "val.accuracy");
  EXPECT_FALSE(resolved("").lower_is_better);
  EXPECT_FALSE(resolved("mode='max'\n").lower_is_better);
  EXPECT_TRUE(resolved("metric='norm'\nmode='min'\n").lower_is_better);
  expect_error("for val.accuracy higher values are better", [&] { resolved("mode='min'\n"); });
  expect_error(
      "neither the experiment nor the sweep declares whether lower or higher values of 'norm' are "
      "better",
      [&] { resolved("metric='norm'\n"); });
  expect_error("which the experiment does not measure; did you mean 'val.accuracy'?",
               [&] { resolved("metric='val.acuracy'\n"); });
}

TEST(Expansion, RefusesAnEndlessGrid) {
  std::string values = "1";
  for (int i = 2; i <= 2000; ++i) values += "," + std::to_string(i);
  expect_error("more than 1000000 runs", [&] {
    expanded("[sweep.grid]\nsize = [" + values + "]\nthreads = [" + values + "]\n");
  });
}

TEST(Identity, IsDecidedByWhatDecidesTheResult) {
  const std::string base = expanded("")[0].identity;
  EXPECT_EQ(base.size(), 64u);
  EXPECT_EQ(base, expanded("epochs = 50\n")[0].identity);            // more epochs continue a run
  EXPECT_EQ(base, expanded("[params]\nthreads = 4\n")[0].identity);  // resources do not matter
  EXPECT_EQ(base, expanded("[params]\ncontent = \"x\"\n")[0].identity);  // nor does the place
  EXPECT_NE(base, expanded("[params]\nrate = 0.2\n")[0].identity);
  EXPECT_NE(base, expanded("seeds = [1]\n")[0].identity);

  RunSpec run = expanded("")[0];
  run.inputs.data = "other data";
  EXPECT_NE(base, run_identity(run, experiment()));
}

TEST(VaryingParameters, AreThoseThatDiffer) {
  const ExperimentInfo toy = experiment();
  EXPECT_EQ(
      varying_parameters(expanded("[[sweep.zip]]\nrate = [0.1, 0.2]\nsize = [1, 2]\n"), {&toy}),
      (std::vector<std::string>{"size", "rate"}));
  EXPECT_TRUE(varying_parameters(expanded(""), {&toy}).empty());
  const ExperimentInfo other = game();
  EXPECT_EQ(
      varying_parameters(expanded_for_both("[sweep.grid]\nrate = [0.1, 0.2]\nplayers = [2, 3]\n"),
                         {&toy, &other}),
      (std::vector<std::string>{"rate", "players"}));
}

}  // namespace
}  // namespace epochal
