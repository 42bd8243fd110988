#include "framework/plugin/parameter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

Schema schema() {
  return Schema({
      integer_parameter("batch_size", 8, "pairs a step").between(1, 64),
      real_parameter("gamma", 1.0, "style weight").between(0, 10),
      text_parameter("schedule", "plateau", "how").one_of({"plateau", "constant"}),
      boolean_parameter("verbose", false, "talk"),
      path_parameter("content", "generated:scenes", "images"),
  });
}

TEST(Schema, GivesDefaults) {
  const Parameters defaults = schema().defaults();
  EXPECT_EQ(defaults.integer("batch_size"), 8);
  EXPECT_EQ(defaults.real("gamma"), 1.0);
  EXPECT_EQ(defaults.text("schedule"), "plateau");
  EXPECT_FALSE(defaults.boolean("verbose"));
}

TEST(Schema, TakesAnIntegerForAReal) {
  EXPECT_EQ(schema().checked("gamma", std::int64_t{2}, "here"), ParameterValue(2.0));
}

TEST(Schema, RefusesWhatDoesNotFitAndSaysWhere) {
  const auto check = [](const char* name, ParameterValue value) {
    return [=] { schema().checked(name, value, "a.toml:3:7"); };
  };
  expect_error("a.toml:3:7: batch_size must be an integer, but 8.5 is a real number",
               check("batch_size", 8.5));
  expect_error("batch_size = 65 is out of range; choose a value from 1 to 64",
               check("batch_size", std::int64_t{65}));
  expect_error("gamma is nan, which is not a finite number", check("gamma", std::nan("")));
  expect_error("did you mean 'plateau'?", check("schedule", std::string("platau")));
  expect_error("unknown parameter 'gama'; did you mean 'gamma'?", check("gama", 1.0));
  expect_error("must be a boolean", check("verbose", std::string("yes")));
  expect_error("longer than 4096 bytes", check("content", std::string(5000, 'a')));
  expect_error("zero byte", check("content", std::string("a\0b", 3)));
}

TEST(Schema, RefusesAMistakenDeclaration) {
  const ParameterSpec once = integer_parameter("a", 1, "");
  EXPECT_THROW(Schema({once, once}), std::logic_error);
  EXPECT_THROW(Schema({integer_parameter("a", 5, "").between(0, 4)}), std::logic_error);
}

TEST(Parameters, AskingForTheWrongThingIsAProgrammingError) {
  const Parameters defaults = schema().defaults();
  EXPECT_THROW(defaults.integer("no_such"), std::logic_error);
}

TEST(ParameterValue, PrintsAsTyped) {
  EXPECT_EQ(to_text(5e-4), "0.0005");
  EXPECT_EQ(to_text(true), "true");
  EXPECT_EQ(to_text(std::int64_t{7}), "7");
  EXPECT_EQ(to_text(0.1 + 0.2), "0.30000000000000004");
}

}  // namespace
}  // namespace epochal
