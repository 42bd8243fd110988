// Words of commands, quoted and read.

#include <gtest/gtest.h>

#include <random>

#include "framework/base/shell_words.h"

namespace epochal {
namespace {

using Words = std::vector<std::string>;

TEST(ShellWords, AreReadAsAShellReadsThem) {
  EXPECT_EQ(shell_words(""), Words{});
  EXPECT_EQ(shell_words(" \t\n "), Words{});
  EXPECT_EQ(shell_words("notify-send  epochal done"), (Words{"notify-send", "epochal", "done"}));
  EXPECT_EQ(shell_words("sh -c \"echo 'a b' \\\"c\\\" \\d\""),
            (Words{"sh", "-c", "echo 'a b' \"c\" \\d"}));
  EXPECT_EQ(shell_words("a'b c'd '' \"\""), (Words{"ab cd", "", ""}));
  EXPECT_EQ(shell_words("it\\'s 'a\\' \\ "), (Words{"it's", "a\\", " "}));
  EXPECT_EQ(shell_words("a \\\n b \"c\\\nd\""), (Words{"a", "b", "cd"}));
}

TEST(ShellWords, ExpandNothing) {
  EXPECT_EQ(shell_words("$HOME `id` $(id) * ~ ; | > #"),
            (Words{"$HOME", "`id`", "$(id)", "*", "~", ";", "|", ">", "#"}));
}

TEST(ShellWords, AreNoneIfTheCommandIsCutOff) {
  for (const char* cut : {"'a", "\"a", "a\\", "\"a\\\"", "a 'b\\'c'"}) {
    EXPECT_EQ(shell_words(cut), std::nullopt) << cut;
  }
}

TEST(ShellWords, OfQuotedWordsAreTheWords) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  const std::string letters = "ab '\"\\\n\t$`*~;|&<>()#\xc3\xa9";
  for (int round = 0; round < 2000; ++round) {
    Words words(random() % 4 + 1);
    std::string command;
    for (std::string& word : words) {
      for (std::size_t length = random() % 8; length > 0; --length) {
        word += letters[random() % letters.size()];
      }
      command += shell_quoted(word) + " ";
    }
    ASSERT_EQ(shell_words(command), words) << "seed " << seed << ": " << command;
  }
}

}  // namespace
}  // namespace epochal
