#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "framework/sweep/sweep.h"
#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

Axis axis_of(const std::string& random) {
  const std::string text = "name = \"s\"\nexperiment = \"toy\"\n[sweep.random]\n" + random;
  return parse_sweep(text, "s.toml").axes.at(0);
}

std::vector<ParameterValue> values_of(const Axis& axis, const std::string& name) {
  std::vector<ParameterValue> values;
  for (const auto& point : axis.points) {
    for (const Assignment& assignment : point) {
      if (assignment.name == name) values.push_back(assignment.value);
    }
  }
  return values;
}

TEST(RandomAxis, DrawsWithinItsBounds) {
  const Axis axis = axis_of(
      "samples = 400\nrate = { log_uniform = [1e-5, 1e-1] }\nfactor = { uniform = [-1, 1] }\n"
      "size = { int_uniform = [3, 5] }\nword = { choice = [\"a\", \"b\"] }\n");
  ASSERT_EQ(axis.points.size(), 400u);
  int small = 0;
  for (const ParameterValue& value : values_of(axis, "rate")) {
    EXPECT_GE(std::get<double>(value), 1e-5);
    EXPECT_LE(std::get<double>(value), 1e-1);
    small += std::get<double>(value) < 1e-3 ? 1 : 0;
  }
  EXPECT_NEAR(small, 200, 60) << "half of the draws lie in the lower half of the logarithm";
  double sum = 0;
  for (const ParameterValue& value : values_of(axis, "factor")) sum += std::get<double>(value);
  EXPECT_NEAR(sum / 400, 0, 0.15);
  std::set<std::int64_t> sizes;
  for (const ParameterValue& value : values_of(axis, "size")) {
    sizes.insert(std::get<std::int64_t>(value));
  }
  EXPECT_EQ(sizes, (std::set<std::int64_t>{3, 4, 5}));
  std::set<std::string> words;
  for (const ParameterValue& value : values_of(axis, "word")) {
    words.insert(std::get<std::string>(value));
  }
  EXPECT_EQ(words.size(), 2u);
}

TEST(RandomAxis, RoundsToNothingOutsideOfItsBounds) {
  for (const char* kind : {"uniform", "log_uniform"}) {
    for (const char* sequence : {"random", "sobol", "latin"}) {
      const Axis axis = axis_of(std::string("samples = 20\nsequence = \"") + sequence +
                                "\"\nrate = { " + kind + " = [0.12341, 0.12344] }\n");
      for (const ParameterValue& value : values_of(axis, "rate")) {
        EXPECT_EQ(std::get<double>(value), 0.12341) << kind << " " << sequence;
      }
    }
  }
  const Axis above = axis_of("samples = 5\nrate = { uniform = [0.12346, 0.123468] }\n");
  for (const ParameterValue& value : values_of(above, "rate")) {
    EXPECT_EQ(std::get<double>(value), 0.123468);
  }
}

TEST(RandomAxis, MoreSamplesAndParametersChangeNothing) {
  const auto few = values_of(axis_of("samples = 5\nrate = { uniform = [0, 1] }\n"), "rate");
  const auto more = values_of(
      axis_of("samples = 9\nfirst = { choice = [1] }\nrate = { uniform = [0, 1] }\n"), "rate");
  ASSERT_EQ(few.size(), 5u);
  for (std::size_t i = 0; i < few.size(); ++i) EXPECT_EQ(few[i], more[i]);
  EXPECT_NE(few,
            values_of(axis_of("samples = 5\nseed = 1\nrate = { uniform = [0, 1] }\n"), "rate"));
}

TEST(RandomAxis, SobolIsEvenAndMoreSamplesKeepThoseThatAreThere) {
  const std::string parameters =
      "sequence = \"sobol\"\nrate = { uniform = [0, 1] }\nsize = { int_uniform = [1, 8] }\n"
      "word = { choice = [\"a\", \"b\"] }\n";
  const Axis few = axis_of("samples = 8\n" + parameters);
  const Axis more = axis_of("samples = 20\n" + parameters);

  std::set<int> eighths;
  for (const ParameterValue& rate : values_of(few, "rate")) {
    eighths.insert(static_cast<int>(8 * std::get<double>(rate)));
  }
  EXPECT_EQ(eighths.size(), 8u);
  const auto sizes = values_of(few, "size");
  EXPECT_EQ(std::set<ParameterValue>(sizes.begin(), sizes.end()).size(), 8u);
  const auto words = values_of(few, "word");
  EXPECT_EQ(std::count(words.begin(), words.end(), ParameterValue("a")), 4);
  for (const char* name : {"rate", "size", "word"}) {
    auto kept = values_of(more, name);
    kept.resize(8);
    EXPECT_EQ(kept, values_of(few, name)) << name;
  }
  EXPECT_NE(values_of(few, "rate"),
            values_of(axis_of("samples = 8\nseed = 1\n" + parameters), "rate"));
}

TEST(RandomAxis, LatinHasOneSampleInEachPart) {
  const Axis axis = axis_of(
      "samples = 12\nsequence = \"latin\"\nrate = { log_uniform = [1e-4, 1] }\n"
      "size = { int_uniform = [1, 12] }\n");
  std::set<int> twelfths;
  for (const ParameterValue& rate : values_of(axis, "rate")) {
    twelfths.insert(static_cast<int>(12 * (std::log10(std::get<double>(rate)) + 4) / 4));
  }
  EXPECT_EQ(twelfths.size(), 12u);
  const auto sizes = values_of(axis, "size");
  EXPECT_EQ(std::set<ParameterValue>(sizes.begin(), sizes.end()).size(), 12u);
}

TEST(RandomAxis, TheSameOnEveryMachine) {
  const auto rates =
      values_of(axis_of("samples = 3\nrate = { log_uniform = [1e-5, 1e-1] }\n"), "rate");
  ASSERT_EQ(rates.size(), 3u);
  for (const ParameterValue& rate : rates) {
    EXPECT_EQ(std::get<double>(rate), std::stod(to_text(rate)));
    EXPECT_LE(to_text(rate).size(), 9u) << "four digits: " << to_text(rate);
  }
}

TEST(RandomAxis, RefusesWhatItCannotDraw) {
  expect_error("s.toml:3:1: [sweep.random] has no samples; add samples = 20",
               [] { axis_of("rate = { uniform = [0, 1] }\n"); });
  expect_error("samples must be a whole number from 1 to", [] { axis_of("samples = 0\n"); });
  expect_error("draws no parameter", [] { axis_of("samples = 2\n"); });
  expect_error("s.toml:5:8: there is no distribution 'unifrom'; did you mean 'uniform'",
               [] { axis_of("samples = 2\nrate = { unifrom = [0, 1] }\n"); });
  for (const char* wrong :
       {"uniform = [1, 0]", "uniform = [1]", "uniform = [1, 2, 3]", "uniform = [\"a\", 2]",
        "uniform = [0, inf]", "log_uniform = [0, 1]", "log_uniform = [-1, 1]"}) {
    EXPECT_THROW(axis_of("samples = 2\nrate = { " + std::string(wrong) + " }\n"), Error) << wrong;
  }
  expect_error("int_uniform needs whole numbers",
               [] { axis_of("samples = 2\nsize = { int_uniform = [0.5, 3] }\n"); });
  expect_error("s.toml:5:12: there is no sequence 'sobel'; did you mean 'sobol'",
               [] { axis_of("samples = 2\nsequence = \"sobel\"\nrate = { uniform = [0, 1] }\n"); });
  expect_error("must be one distribution", [] { axis_of("samples = 2\nsize = 3\n"); });
  EXPECT_THROW(axis_of("samples = 2\nword = { choice = [[1]] }\n"), Error);
}

}  // namespace
}  // namespace epochal
