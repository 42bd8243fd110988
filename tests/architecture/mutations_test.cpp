// The faults of scripts/mutation-test are found in the sources, so that the list stays true while
// they change.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

struct Mutation {
  std::string file;
  std::string name;
  std::string text;
};

/// "== FILE: DESCRIPTION", lines of the right text after "-"; those of the wrong one are left out.
std::vector<Mutation> listed_mutations() {
  std::ifstream in(fs::path(EPOCHAL_SOURCE_FOLDER) / "tests/reports/mutations.txt");
  std::vector<Mutation> mutations;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("== ")) {
      const std::size_t colon = line.find(": ");
      mutations.push_back({line.substr(3, colon - 3), line.substr(3), ""});
    } else if (line.starts_with("-") && !mutations.empty()) {
      std::string& text = mutations.back().text;
      text += (text.empty() ? "" : "\n") + line.substr(1);
    }
  }
  return mutations;
}

std::size_t occurrences(const std::string& source, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = source.find(text); at != std::string::npos;
       at = source.find(text, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Mutations, AreInTheirFilesExactlyOnce) {
  const std::vector<Mutation> mutations = listed_mutations();
  EXPECT_GT(mutations.size(), 200U);
  for (const Mutation& mutation : mutations) {
    ASSERT_FALSE(mutation.text.empty()) << mutation.name;
    const std::string source = test::read_file(fs::path(EPOCHAL_SOURCE_FOLDER) / mutation.file);
    EXPECT_EQ(occurrences(source, mutation.text), 1U) << mutation.name;
  }
}

}  // namespace
}  // namespace epochal
