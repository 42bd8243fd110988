#include <gtest/gtest.h>
#include <sys/stat.h>

#include "framework/sweep/sweep.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

const std::string kHead = "name = \"s\"\nexperiment = \"noop\"\n";

auto parsing(const std::string& text) {
  return [text] { parse_sweep(text, "s.toml"); };
}

TEST(SweepFile, ReadsEverything) {
  const Sweep sweep = parse_sweep(kHead + R"(
epochs = 20
seeds = [0, 3]
[params]
gamma = 1.0
word = "x"
[sweep.grid]
rate = [1e-4, 5e-4]
[[sweep.zip]]
size = [100, 1000]
batch = [20, 32]
[[sweep.list]]
a = 1
[[sweep.list]]
a = 2
b = true
[report]
compare_by = "size"
)",
                                  "s.toml");
  EXPECT_EQ(sweep.name, "s");
  EXPECT_EQ(sweep.epochs, 20);
  EXPECT_EQ(sweep.seeds, (std::vector<std::uint64_t>{0, 3}));
  ASSERT_EQ(sweep.fixed.size(), 2u);
  EXPECT_EQ(sweep.fixed[0].where, "s.toml:7:9");
  ASSERT_EQ(sweep.axes.size(), 3u);
  EXPECT_EQ(sweep.axes[0].points.size(), 2u);
  EXPECT_EQ(sweep.axes[1].points[1][0].name, "size");
  EXPECT_EQ(sweep.axes[1].points[1][1].value, ParameterValue(std::int64_t{32}));
  EXPECT_EQ(sweep.axes[2].points[1].size(), 2u);
  EXPECT_EQ(sweep.compare_by, "size");
}

TEST(SweepFile, NamesOneExperimentOrSeveral) {
  const auto named = [](const std::string& experiment) {
    return parse_sweep("name = \"s\"\nexperiment = " + experiment + "\n", "s.toml").experiments;
  };
  EXPECT_EQ(named("\"noop\""), std::vector<std::string>{"noop"});
  EXPECT_EQ(named("[\"noop\", \"adain\"]"), (std::vector<std::string>{"noop", "adain"}));
  EXPECT_EQ(named("[\"noop\", \"command\"]\n[command]\nrun = [\"true\"]"),
            (std::vector<std::string>{"noop", "command:true"}));
  const auto refuse = [&](const std::string& message, const std::string& experiment) {
    expect_error(message, [&] { named(experiment); });
  };
  refuse("s.toml:2:23: experiment names 'noop' twice", "[\"noop\", \"noop\"]");
  refuse("experiment must be 1 to 200 bytes", "\"\"");
  std::string days;
  for (int i = 0; i < 70; ++i) days += "日";
  refuse("experiment must be 1 to 200 bytes", "\"" + days + "\"");
  refuse("experiment must be", "[1]");
  refuse("experiment", "[]");
  refuse("experiment has more than 8 names",
         "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]");
  refuse("the sweep does not say which command it runs", "[\"noop\", \"command\"]");
}

TEST(SweepFile, LeavesWhatAReportDrawsToTheExperiment) {
  const Sweep sweep = parse_sweep(kHead + R"([report]
content = ["a.jpg", "generated:scenes:3"]
style = ["b.jpg"]
alpha = [0.5, 1]
judge = "vgg.pth"
reference = "mini"
)",
                                  "/study/s.toml");
  ASSERT_EQ(sweep.report_keys.size(), 5u);
  EXPECT_EQ(sweep.report_keys[0].name, "content");
  EXPECT_EQ(sweep.report_keys[0].where, "/study/s.toml:4:1");
  EXPECT_TRUE(sweep.report_keys[0].is_list);
  EXPECT_EQ(sweep.report_keys[0].values[1].value, ParameterValue("generated:scenes:3"));
  EXPECT_EQ(sweep.report_keys[0].values[1].folder, "/study");
  EXPECT_FALSE(sweep.report_keys[3].is_list);
  expect_error("content is an empty array", parsing(kHead + "[report]\ncontent = []\n"));
  expect_error("judge must be a single value, not a table",
               parsing(kHead + "[report]\njudge = {a = 1}\n"));
  expect_error("judge must be 1 to 200 bytes", parsing(kHead + "[report]\njudge = \"\"\n"));
}

TEST(SweepFile, NamesTheCommandsThatFetchItsInputs) {
  const Sweep sweep = parse_sweep(kHead + "fetch = ['fetch photos', 'fetch weights']\n", "s.toml");
  EXPECT_EQ(sweep.fetch, (std::vector<std::string>{"fetch photos", "fetch weights"}));
  expect_error("s.toml:3:9: fetch must be an array", parsing(kHead + "fetch = 'photos'\n"));
  expect_error("fetch has more than 8 commands",
               parsing(kHead + "fetch = ['0','1','2','3','4','5','6','7','8']\n"));
}

TEST(SweepFile, KeepsTheOrderOfTheFile) {
  const Sweep sweep = parse_sweep(kHead + "[sweep.grid]\nz = [1]\na = [2]\nm = [3]\n", "s.toml");
  ASSERT_EQ(sweep.axes.size(), 3u);
  EXPECT_EQ(sweep.axes[0].points[0][0].name, "z");
  EXPECT_EQ(sweep.axes[2].points[0][0].name, "m");
}

TEST(SweepFile, SaysWhereTheTomlIsBroken) {
  expect_error("s.toml:3:", parsing(kHead + "epochs = = 3\n"));
  expect_error("the file is not valid TOML", parsing("name = \"unterminated"));
}

TEST(SweepFile, RefusesUnknownKeysWithTheNearest) {
  expect_error("s.toml:3:1: unknown key 'epoch' in the sweep; did you mean 'epochs'?",
               parsing(kHead + "epoch = 3\n"));
  expect_error("did you mean 'grid'?", parsing(kHead + "[sweep.gird]\na = [1]\n"));
}

TEST(SweepFile, RefusesWrongShapes) {
  expect_error("epochs must be an integer or a formula", parsing(kHead + "epochs = 1.5\n"));
  expect_error("steps = 0 is out of range", parsing(kHead + "steps = 0\n"));
  expect_error("epochs and steps both say how long the runs are",
               parsing(kHead + "epochs = 3\nsteps = 5\n"));
  expect_error("epochs = 0 is out of range", parsing(kHead + "epochs = 0\n"));
  expect_error("seed 1 is given twice", parsing(kHead + "seeds = [1, 1]\n"));
  expect_error("seed -1 is negative", parsing(kHead + "seeds = [-1]\n"));
  expect_error("a must be an array of values", parsing(kHead + "[sweep.grid]\na = 1\n"));
  expect_error("a is an empty array", parsing(kHead + "[sweep.grid]\na = []\n"));
  expect_error("a must be a single value, not a table", parsing(kHead + "[params]\na = {b=1}\n"));
  expect_error("write [[sweep.zip]]", parsing(kHead + "[sweep.zip]\na = [1]\n"));
  expect_error("s.toml: the sweep has no experiment", parsing("name = \"s\"\n"));
}

TEST(SweepFile, RefusesColumnsOfUnequalLength) {
  expect_error("s.toml:5:5: b has 1 values, but a has 2",
               parsing(kHead + "[[sweep.zip]]\na = [1, 2]\nb = [1]\n"));
}

TEST(SweepFile, RefusesAParameterSetTwice) {
  expect_error("rate is set in two places",
               parsing(kHead + "[params]\nrate = 1\n[sweep.grid]\nrate = [1]\n"));
  expect_error(
      "rate is set in two places",
      parsing(kHead +
              "[sweep.grid]\nrate = [1]\n[[sweep.list]]\na = 1\n[[sweep.list]]\nrate = 2\n"));
}

TEST(SweepFile, BoundsSizeAndDepth) {
  expect_error("at most 1 MiB", parsing(std::string(2 << 20, '#')));
  expect_error("s.toml", parsing(kHead + "a = " + std::string(10'000, '[')));
}

TEST(SweepFile, NamesAFileThatCannotBeRead) {
  const test::TemporaryFolder folder;
  expect_error("nosuch.toml: the sweep file cannot be read",
               [&] { load_sweep(folder / "nosuch.toml"); });
  expect_error("cannot be read", [&] { load_sweep(folder.path()); });
}

TEST(SweepContentHash, IgnoresLayoutAndReportsButNotValues) {
  const auto hash = [](const std::string& text) { return content_hash(parse_sweep(text, "")); };
  const std::string base = hash(kHead + "[params]\na = 1\n");
  EXPECT_EQ(base, hash(kHead + "# a remark\n\n[params]\na = 1\n[report]\ncompare_by = \"a\"\n"));
  EXPECT_NE(base, hash(kHead + "[params]\na = 1.0\n"));
  EXPECT_NE(base, hash(kHead + "[params]\na = \"1\"\n"));
}

TEST(SweepFile, ExtendsAnotherKeyByKeyAndParameterByParameter) {
  test::TemporaryFolder folder;
  test::write_file(folder / "shared/base.toml", R"(name = "base"
experiment = "toy"
epochs = 20
[params]
rate = 0.1
content = "photos"
[[sweep.zip]]
size = [1, 2]
batch = [3, 4]
[report]
compare_by = "size"
)");
  test::write_file(folder / "own.toml", R"(extends = "shared/base.toml"
name = "own"
[params]
batch = 5
[sweep.grid]
rate = [0.2, 0.3]
)");
  const Sweep sweep = load_sweep(folder / "own.toml");
  EXPECT_EQ(sweep.name, "own");
  EXPECT_EQ(sweep.epochs, 20);
  EXPECT_EQ(sweep.compare_by, "size");
  ASSERT_EQ(sweep.fixed.size(), 2u);
  EXPECT_EQ(sweep.fixed[0].name, "content");
  EXPECT_EQ(sweep.fixed[0].folder, folder / "shared");  // relative paths start where they stand
  EXPECT_EQ(sweep.fixed[1].name, "batch");
  ASSERT_EQ(sweep.axes.size(), 2u);
  EXPECT_EQ(sweep.axes[0].names(), std::set<std::string>{"size"});
  EXPECT_EQ(sweep.axes[1].names(), std::set<std::string>{"rate"});
  EXPECT_NE(sweep.text.find("name = \"base\""), std::string::npos);
  EXPECT_NE(sweep.text.find("name = \"own\""), std::string::npos);
}

TEST(SweepFile, ALengthReplacesTheLengthsOfWhatItExtends) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "grid.toml", kHead + "[sweep.grid]\nepochs = [2, 3]\n");
  test::write_file(folder / "list.toml",
                   kHead + "[[sweep.list]]\nepochs = 2\n[[sweep.list]]\nsteps = 9\n");
  const auto replaced = [&](const std::string& base, const std::string& own) {
    test::write_file(folder / "own.toml", "extends = \"" + base + "\"\n" + own);
    return load_sweep(folder / "own.toml").replaced_lengths;
  };
  using Keys = std::set<std::string>;
  EXPECT_EQ(replaced("grid.toml", "epochs = 4\n"), Keys{"epochs"});
  EXPECT_EQ(replaced("grid.toml", "steps = 11\n"), Keys{"epochs"});
  EXPECT_EQ(replaced("list.toml", "epochs = 4\n"), (Keys{"epochs", "steps"}));
  EXPECT_EQ(replaced("grid.toml", "seeds = [1]\n"), Keys{});
  EXPECT_EQ(replaced("grid.toml", "epochs = 4\n[sweep.grid]\nepochs = [5, 6]\n"), Keys{});
  test::write_file(folder / "between.toml", "extends = \"grid.toml\"\nepochs = 4\n");
  EXPECT_EQ(replaced("between.toml", "seeds = [1]\n"), Keys{"epochs"});
  EXPECT_EQ(replaced("between.toml", "[sweep.grid]\nepochs = [5, 6]\n"), Keys{});
  EXPECT_EQ(
      parse_sweep(kHead + "epochs = 4\n[sweep.grid]\nepochs = [5, 6]\n", "x").replaced_lengths,
      Keys{})
      << "in one file, an axis says more than the top";
}

TEST(SweepFile, RefusesToExtendInCirclesOrNothing) {
  test::TemporaryFolder folder;
  test::write_file(folder / "a.toml", "extends = \"b.toml\"\n" + kHead);
  test::write_file(folder / "b.toml", "extends = \"a.toml\"\n" + kHead);
  expect_error("extends itself", [&] { load_sweep(folder / "a.toml"); });
  test::write_file(folder / "c.toml", "extends = \"nothing.toml\"\n" + kHead);
  expect_error("nothing.toml", [&] { load_sweep(folder / "c.toml"); });
  expect_error("only a file can extend", parsing("extends = \"a.toml\"\n" + kHead));
}

TEST(SweepFile, BoundsTheDepthOfKeysBeforeTheParserSeesThem) {
  std::string deep = "a";
  for (int i = 0; i < 50'000; ++i) deep += ".a";
  for (const std::string& line :
       {"params." + deep + " = 1", "[" + deep + "]", "params = {" + deep + " = 1}"}) {
    expect_error("x.toml:7: a key of a sweep has at most 64 parts",
                 [&] { parse_sweep(kHead + "\n\n\n\n" + line + "\n", "x.toml"); });
  }
  EXPECT_NO_THROW(parse_sweep(kHead + "\n  # " + std::string(200, '.') + "\n", "x.toml"));
}

TEST(SweepFile, ExtendsNoPipe) {
  const test::TemporaryFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  test::write_file(folder / "a.toml", "extends = \"pipe\"\n" + kHead);
  expect_error("pipe: extends does not name a file", [&] { load_sweep(folder / "a.toml"); });
}

}  // namespace
}  // namespace epochal
