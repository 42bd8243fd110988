#include <epochal/client.h>
#include <gtest/gtest.h>

#include <locale>

namespace epochal::client {
namespace {

TEST(CppClient, TakesNumbersOfAnyType) {
  const std::vector<int> values(3);
  const client::Run run({{"n", values.size()},
                         {"large", std::numeric_limits<std::uint64_t>::max()},
                         {"half", 0.5F},
                         {"quick", true},
                         {"name", "x"}});
  EXPECT_EQ(run["n"].integer(), 3);
  EXPECT_EQ(run["large"].natural(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(run["half"].real(), 0.5);
  EXPECT_TRUE(run["quick"].boolean());
  EXPECT_EQ(run["name"].text(), "x");
  EXPECT_FALSE(run.run_folder());
}

TEST(CppClient, ReadsWhatALaterEpochalMaySend) {
  const Parameters read =
      detail::Reader(
          "{ \"list\" : [1, {\"a\": [null, \"]\"]}, [ ] ] , \"none\": null,\t\"seed\": "
          "18446744073709551615, \"real\" : -1.5e-3 , \"of\": { \"it\": -4 , \"yes\": true } }\r")
          .object();
  EXPECT_EQ(read.count("list"), 0U);
  EXPECT_EQ(read.count("none"), 0U);
  EXPECT_EQ(read.at("seed").natural(), 18446744073709551615U);
  EXPECT_EQ(read.at("real").real(), -1.5e-3);
  EXPECT_EQ(read.at("of.it").integer(), -4);
  EXPECT_TRUE(read.at("of.yes").boolean());
}

TEST(CppClient, ReadsTextsWithEscapes) {
  const Parameters read =
      detail::Reader(
          R"({"a": "\ud83d\ude00 \u00e4\u20ac\u0041 \"\\\n", "b": "\ud83d", "c": "x\u0000y"})")
          .object();
  EXPECT_EQ(read.at("a").text(), "😀 ä€A \"\\\n");
  EXPECT_EQ(read.at("b").text(), "\xef\xbf\xbd");
  EXPECT_EQ(read.at("c").text(), std::string("x\0y", 3));
  for (const char* broken :
       {"{", "{\"a\"", "{\"a\": }", "{\"a\": 1", "{\"a\": \"\\u12\"}", "[1]"}) {
    EXPECT_THROW(detail::Reader(broken).object(), std::runtime_error) << broken;
  }
}

struct CommaForPoint : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
};

TEST(CppClient, WritesAndReadsAPointInEveryLocale) {
  const std::locale before = std::locale::global(std::locale(std::locale(), new CommaForPoint));
  EXPECT_EQ(detail::number(0.5), "0.5");
  EXPECT_EQ(detail::digits(0.25, 6), "0.25");
  EXPECT_EQ(Value(0.5).json(), "0.5");
  EXPECT_EQ(Value(2.0).json(), "2.0");
  EXPECT_EQ(detail::Reader("{\"a\": 1.5}").object().at("a").real(), 1.5);
  std::locale::global(before);
}

TEST(CppClient, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(detail::quoted("bad\xff"), "\"bad\xef\xbf\xbd\"");
  EXPECT_EQ(detail::quoted("\xc3\xa9 \xf0\x9f\x98\x80"), "\"\xc3\xa9 \xf0\x9f\x98\x80\"");
  for (const std::string& broken : {std::string("\xc3"), std::string("\xc0\x80"),
                                    std::string("\xed\xa0\x80"), std::string("\xf4\x90\x80\x80")}) {
    EXPECT_EQ(detail::quoted(broken).substr(0, 4), "\"\xef\xbf\xbd");
  }
}

TEST(CppClient, WritesParametersWithTheirTypes) {
  EXPECT_EQ(detail::as_json({}), "{}");
  EXPECT_EQ(detail::as_json({{"a b", "007"}, {"flag", true}, {"nan", std::nan("")}, {"x", 2.0}}),
            R"({"a b": "007", "flag": true, "nan": "nan", "x": 2.0})");
}

TEST(CppClient, LooksToTheBounds) {
  client::Run run({}, 2);
  ASSERT_EQ(run.next_epoch(), 1);
  for (const std::string& name :
       {std::string(), std::string(201, 'n'), std::string("step"), std::string("a\nb")}) {
    EXPECT_THROW(run.log(name, 1), std::invalid_argument);
    EXPECT_THROW(run.log(1, name, 1), std::invalid_argument);
  }
  for (const char* name : {"samples", "steps", "learning_rate"}) {
    EXPECT_THROW(run.log(name, 1), std::invalid_argument) << "a function sets it";
    EXPECT_NO_THROW(run.log(1, name, 1));
  }
  EXPECT_THROW(run.log(-1, "a", 1), std::invalid_argument);
  EXPECT_THROW(run.samples(-1), std::invalid_argument);
  for (int i = 0; i < 256; ++i) run.log("m" + std::to_string(i), 1);
  EXPECT_THROW(run.log("one more", 1), std::invalid_argument);
}

TEST(CppClient, IsAskedAgainAfterItsLastEpoch) {
  client::Run run({}, 2);
  EXPECT_EQ(run.next_epoch(), 1);
  EXPECT_EQ(run.next_epoch(), 2);
  EXPECT_EQ(run.next_epoch(), 0);
  EXPECT_EQ(run.next_epoch(), 0);
}

}  // namespace
}  // namespace epochal::client
