#include <gtest/gtest.h>

#include "framework/sweep/sweep.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

Sweep sweep_with(const std::vector<std::string>& overrides) {
  Sweep sweep = parse_sweep(R"(name = "s"
experiment = "noop"
[params]
gamma = 1.0
[sweep.grid]
rate = [1, 2]
[[sweep.zip]]
size = [100, 1000, 10000]
batch = [20, 32, 44]
)",
                            "s.toml");
  apply_overrides(sweep, overrides);
  return sweep;
}

const Assignment& fixed(const Sweep& sweep, const std::string& name) {
  for (const Assignment& assignment : sweep.fixed) {
    if (assignment.name == name) return assignment;
  }
  throw std::runtime_error(name + " is not fixed");
}

TEST(Overrides, ReplaceAFixedValue) {
  const Sweep sweep = sweep_with({"gamma=2.5", "word=../some/path"});
  EXPECT_EQ(fixed(sweep, "gamma").value, ParameterValue(2.5));
  EXPECT_EQ(fixed(sweep, "word").value, ParameterValue(std::string("../some/path")));
  EXPECT_EQ(sweep.fixed[0].folder, std::filesystem::current_path());
}

TEST(Overrides, OneValueReplacesAnAxis) {
  const Sweep sweep = sweep_with({"rate=5"});
  EXPECT_EQ(sweep.axes.size(), 1u);
  EXPECT_EQ(fixed(sweep, "rate").value, ParameterValue(std::int64_t{5}));
}

TEST(Overrides, AListReplacesAGridAxisInItsPlace) {
  const Sweep sweep = sweep_with({"rate=[7, 8, 9]"});
  ASSERT_EQ(sweep.axes.size(), 2u);
  EXPECT_EQ(sweep.axes[0].points.size(), 3u);
}

TEST(Overrides, CommasMakeAList) {
  const auto values = [](const Sweep& sweep) {
    std::vector<ParameterValue> found;
    for (const auto& point : sweep.axes.at(0).points) found.push_back(point.at(0).value);
    return found;
  };
  EXPECT_EQ(values(sweep_with({"rate=0.1,0.2"})), (std::vector<ParameterValue>{0.1, 0.2}));
  EXPECT_EQ(values(sweep_with({"rate=0,5"})),
            (std::vector<ParameterValue>{std::int64_t{0}, std::int64_t{5}}));
  EXPECT_EQ(values(sweep_with({"rate=min(1, gamma), 2*gamma"})),
            (std::vector<ParameterValue>{std::string("min(1, gamma)"), std::string("2*gamma")}));
  EXPECT_EQ(sweep_with({"word=a,\"b,c\",d"}).axes.back().points.at(1).at(0).value,
            ParameterValue(std::string("b,c")));
  EXPECT_EQ(fixed(sweep_with({"word='a,b'"}), "word").value, ParameterValue(std::string("a,b")));
  EXPECT_EQ(fixed(sweep_with({"gamma=min(1,2)"}), "gamma").value,
            ParameterValue(std::string("min(1,2)")));
  EXPECT_EQ(sweep_with({"size=50,90", "batch=10,20"}).axes.at(1).points.size(), 2u);
  for (const char* broken : {"rate=1,", "rate=,1", "rate=1,,2", "rate=,"}) {
    expect_error("a value of the list is missing", [&] { sweep_with({broken}); });
  }
}

TEST(Overrides, TextsOfTheSweepItselfKeepTheirCommas) {
  EXPECT_EQ(sweep_with({"slurm.partition=short,long"}).slurm.partition, "short,long");
  EXPECT_EQ(sweep_with({"name=a, b"}).name, "a, b");
  EXPECT_EQ(sweep_with({"word=it's,b"}).axes.back().points.size(), 2u) << "an apostrophe";
}

TEST(Overrides, ANameThatIsThereIsNoList) {
  const test::TemporaryFolder folder;
  const std::string name = (folder / "a,b").string();
  std::filesystem::create_directory(name);
  EXPECT_EQ(fixed(sweep_with({"word=" + name}), "word").value, ParameterValue(name));
}

TEST(Overrides, ASeedIsOneAndSeedsAreNamed) {
  EXPECT_EQ(sweep_with({"seed=3"}).seeds, (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(sweep_with({"seed=3,4"}).seeds, (std::vector<std::uint64_t>{3, 4}));
  EXPECT_EQ(sweep_with({"seeds=0,1"}).seeds, (std::vector<std::uint64_t>{0, 1}));
  expect_error("write seed=3 for the seed 3, or name them: seeds=0,1,2",
               [] { sweep_with({"seeds=3"}); });
}

TEST(Overrides, WhatWasWrittenIsKept) {
  EXPECT_EQ(fixed(sweep_with({"word=2024"}), "word").written, "2024");
  EXPECT_EQ(fixed(sweep_with({"word=1e3"}), "word").written, "1e3");
  EXPECT_EQ(fixed(sweep_with({"word=2024-01-02"}), "word").written, "2024-01-02");
  EXPECT_EQ(fixed(sweep_with({"word=plain"}), "word").written, "");
}

TEST(Overrides, ListsReplaceColumnsOfAZip) {
  const Sweep sweep = sweep_with({"size=[50, 90]", "batch=[10, 20]"});
  const Axis& zip = sweep.axes.at(1);
  ASSERT_EQ(zip.points.size(), 2u);
  EXPECT_EQ(zip.points[1][0].value, ParameterValue(std::int64_t{90}));
  EXPECT_EQ(zip.points[1][1].value, ParameterValue(std::int64_t{20}));
}

TEST(Overrides, OneValueLeavesTheOtherColumnsOfAZip) {
  const Sweep sweep = sweep_with({"batch=8", "size=[50, 90]"});
  const Axis& zip = sweep.axes.at(1);
  ASSERT_EQ(zip.points.size(), 2u);
  EXPECT_EQ(zip.points[0].size(), 1u);
  EXPECT_EQ(fixed(sweep, "batch").value, ParameterValue(std::int64_t{8}));
}

TEST(Overrides, RefuseColumnsThatNoLongerMatch) {
  expect_error("batch has 3 values and size has 2, but both are in one zip",
               [] { sweep_with({"size=[50, 90]"}); });
}

TEST(Overrides, AListForAnotherParameterIsANewAxis) {
  EXPECT_EQ(sweep_with({"gamma=[1.0, 2.0]"}).axes.size(), 3u);
}

TEST(Overrides, SetEpochsSeedsAndName) {
  const Sweep sweep = sweep_with({"epochs=3", "seeds=[4, 5]", "name=other"});
  EXPECT_EQ(sweep.epochs, 3);
  EXPECT_EQ(sweep.seeds.size(), 2u);
  EXPECT_EQ(sweep.name, "other");
  EXPECT_EQ(sweep.overrides.size(), 3u);
}

TEST(Overrides, RefuseWhatIsNone) {
  expect_error("'gamma' is not an override", [] { sweep_with({"gamma"}); });
  expect_error("'=3' is not an override", [] { sweep_with({"=3"}); });
  expect_error("put texts in quotes", [] { sweep_with({"word=[a, b]"}); });
  expect_error("epochs must be an integer or a formula", [] { sweep_with({"epochs=1.5"}); });
}

TEST(Overrides, DoNotLetTomlSmuggleKeys) {
  const Sweep sweep = sweep_with({"word=1\nother = 2"});
  EXPECT_EQ(fixed(sweep, "word").value, ParameterValue(std::string("1\nother = 2")));
}

}  // namespace
}  // namespace epochal
