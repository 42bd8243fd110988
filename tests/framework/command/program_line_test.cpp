#include "framework/command/program_line.h"

#include <gtest/gtest.h>

#include <cmath>

#include "framework/command/line_splitter.h"
#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

template <typename Line>
Line read(const std::string& text) {
  return std::get<Line>(read_program_line(text));
}

void expect_refused(const std::string& why, const std::string& text) {
  expect_error(why, [&] { read_program_line(text); });
}

TEST(ProgramLine, SaysAnEpoch) {
  const auto line = read<EpochLine>(
      R"({"epoch": 3, "train.loss": 0.21, "samples": 640, "steps": 20, "learning_rate": 1e-3, "saves": true})");
  EXPECT_EQ(line.epoch, 3);
  EXPECT_EQ(line.metrics, (Metrics{{"train.loss", 0.21}}));
  EXPECT_EQ(line.samples, 640);
  EXPECT_EQ(line.steps, 20);
  EXPECT_EQ(line.learning_rate, 0.001);
  EXPECT_TRUE(line.saves);
}

TEST(ProgramLine, SaysAllElse) {
  EXPECT_EQ(read<HelloLine>(R"({"hello": 1})").protocol, 1);
  EXPECT_EQ(read<StepLine>(R"({"step": 1200, "loss": 0.4})").metrics.at("loss"), 0.4);
  EXPECT_EQ(read<ArtifactLine>(R"({"artifact": "a.png", "caption": "c"})").caption, "c");
  EXPECT_EQ(read<NoteLine>(R"({"note": "n"})").text, "n");
  EXPECT_EQ(read<DeviceLine>(R"({"device": "cuda:0"})").name, "cuda:0");
  EXPECT_EQ(read<ProgressLine>(R"({"progress": [3, 10]})").done, 3);
  read<SavedLine>(R"({"saved": true})");
}

TEST(ProgramLine, AStepBesideItsEpochIsAStep) {
  const auto line = read<StepLine>(R"({"epoch": 3.25, "step": 1200, "loss": 0.4})");
  EXPECT_EQ(line.step, 1200);
  EXPECT_EQ(line.metrics, (Metrics{{"loss", 0.4}}));
  EXPECT_EQ(read<StepLine>(R"({"epoch": null, "step": 1, "loss": 1})").step, 1);
}

TEST(ProgramLine, TakesNumbersThatJsonDoesNotHave) {
  const auto line = read<EpochLine>(
      R"({"epoch": 1, "a": NaN, "b": Infinity, "c": -Infinity, "d": "nan", "e\"NaN": 1})");
  EXPECT_TRUE(std::isnan(line.metrics.at("a")));
  EXPECT_EQ(line.metrics.at("b"), INFINITY);
  EXPECT_EQ(line.metrics.at("c"), -INFINITY);
  EXPECT_TRUE(std::isnan(line.metrics.at("d")));
  EXPECT_EQ(line.metrics.at("e\"NaN"), 1);
}

TEST(ProgramLine, RefusesHostileLines) {
  expect_refused("not JSON", "");
  expect_refused("not JSON", "{\"epoch\": 1");
  expect_refused("not JSON", "{\"epoch\": 1} {\"epoch\": 2}");
  expect_refused("not a JSON object", "[1]");
  expect_refused("none of the keys", "{}");
  expect_refused("not a whole number", R"({"epoch": -1})");
  expect_refused("not a whole number", R"({"epoch": 1.5})");
  expect_refused("larger than 2^53", R"({"epoch": 1e300})");
  expect_refused("not a whole number", R"({"epoch": "1"})");
  expect_refused("not a whole number", R"({"epoch": NaN})");
  expect_refused("not a number", R"({"epoch": 1, "loss": "low"})");
  expect_refused("not a number", R"({"epoch": 1, "loss": [1]})");
  expect_refused("name of a value", R"({"epoch": 1, "": 1})");
  expect_refused("name of a value", "{\"epoch\": 1, \"a\\u001b[2J\": 1}");
  expect_refused("name of a value", "{\"epoch\": 1, \"" + std::string(300, 'n') + "\": 1}");
  expect_refused("longer than", "{\"note\": \"" + std::string(70'000, 'x') + "\"}");
  expect_refused("longer than", "{\"note\": \"" + std::string(5'000, 'x') + "\"}");
  expect_refused("zero byte", R"({"artifact": "a\u0000b"})");
  expect_refused("greater than its total", R"({"progress": [3, 2]})");
  expect_refused("not [done, total]", R"({"progress": 3})");
  expect_refused("saved is not true", R"({"saved": 1})");
  expect_refused("nested too deeply", R"({"epoch": 1, "a": [[[[[[1]]]]]]})");
  expect_refused("not JSON", std::string(60'000, '['));
  std::string many = "{\"epoch\": 1";
  for (int i = 0; i < 300; ++i) many += ", \"m" + std::to_string(i) + "\": 1";
  expect_refused("more than 256 values", many + "}");
}

TEST(LineSplitter, CutsBytesIntoLines) {
  LineSplitter lines(8);
  lines.add("one\ntw");
  EXPECT_EQ(lines.next()->text, "one");
  EXPECT_FALSE(lines.next());
  lines.add("o\r");
  EXPECT_EQ(lines.next()->text, "two");
  lines.add("three");
  EXPECT_FALSE(lines.next());
  lines.end();
  EXPECT_EQ(lines.next()->text, "three");
  EXPECT_FALSE(lines.next());
}

TEST(LineSplitter, ReturnAndNewlineAreOneEnd) {
  LineSplitter lines(8);
  lines.add("one\r\ntwo\r");
  EXPECT_EQ(lines.next()->text, "one");
  EXPECT_EQ(lines.next()->text, "two");
  lines.add("\nthree\n\n");
  EXPECT_EQ(lines.next()->text, "three");
  EXPECT_EQ(lines.next()->text, "");
  EXPECT_FALSE(lines.next());
  lines.add("four\r");
  EXPECT_EQ(lines.next()->text, "four");
  lines.end();
  EXPECT_FALSE(lines.next());
}

TEST(LineSplitter, KeepsTheBeginningOfALineWithoutEnd) {
  LineSplitter lines(8);
  std::vector<std::string> found;
  for (int i = 0; i < 1000; ++i) {
    lines.add("0123456789");
    while (const auto line = lines.next()) {
      EXPECT_TRUE(line->is_cut);
      found.push_back(line->text);
    }
    EXPECT_LE(lines.size(), 20u);
  }
  lines.add("\nnext\n");
  while (const auto line = lines.next()) found.push_back(line->text);
  EXPECT_EQ(found, (std::vector<std::string>{"01234567", "next"}));
}

TEST(LineSplitter, CutsALongLineThatCameWhole) {
  LineSplitter lines(4);
  lines.add("abcdefgh\nij\n");
  const auto first = lines.next();
  EXPECT_EQ(first->text, "abcd");
  EXPECT_TRUE(first->is_cut);
  EXPECT_EQ(lines.next()->text, "ij");
  lines.add("abcdefgh");
  EXPECT_EQ(lines.next()->text, "abcd");
  lines.end();
  EXPECT_FALSE(lines.next());
}

TEST(ProgramLine, TakesNumbersThatJsonDoesNotHaveAsTheyArePrinted) {
  const auto epoch = std::get<EpochLine>(
      read_program_line(R"({"epoch": 1, "a": nan, "b": -inf, "c": inf, "d": -nan, "nan": 1})"));
  EXPECT_TRUE(std::isnan(epoch.metrics.at("a")));
  EXPECT_EQ(epoch.metrics.at("b"), -INFINITY);
  EXPECT_EQ(epoch.metrics.at("c"), INFINITY);
  EXPECT_TRUE(std::isnan(epoch.metrics.at("d")));
  EXPECT_EQ(epoch.metrics.at("nan"), 1);
}

TEST(ProgramLine, RefusesCountsThatADoubleDoesNotHave) {
  EXPECT_EQ(std::get<StepLine>(read_program_line(R"({"step": 9007199254740992, "a": 1})")).step,
            std::int64_t{1} << 53);
  test::expect_error("its step is larger than 2^53",
                     [] { read_program_line(R"({"step": 9007199254740993, "a": 1})"); });
}

TEST(ProgramLine, IntroducesAClientWithWhatItKnows) {
  const auto hello = std::get<HelloLine>(read_program_line(
      R"({"hello": 1, "seed": 3, "epochs": 20, "better": {"val.loss": "lower"}, "objective": "val.loss"})"));
  EXPECT_EQ(hello.own.seed, 3u);
  EXPECT_EQ(hello.own.epochs, 20);
  EXPECT_EQ(hello.own.objective, "val.loss");
  EXPECT_EQ(hello.own.metrics.at(0).better, Better::lower);
  test::expect_error("the client's first line is invalid",
                     [] { read_program_line(R"({"hello": 1, "better": {"val.loss": "least"}})"); });
  test::expect_error("which values of the objective are better",
                     [] { read_program_line(R"({"hello": 1, "objective": "val.loss"})"); });
}

}  // namespace
}  // namespace epochal
