#include "framework/runner/provenance.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

store::Provenance read_of(const std::string& text) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "provenance.json", text);
  return ProvenanceFile::read(folder / "provenance.json");
}

TEST(Provenance, IsReadFromItsFile) {
  const store::Provenance provenance = read_of(
      R"({"command": "epochal run", "directory": "/x", "git_commit": "abc", "git_is_dirty": true})");
  EXPECT_EQ(provenance.command, "epochal run");
  EXPECT_EQ(provenance.directory, "/x");
  EXPECT_EQ(provenance.git_commit, "abc");
  EXPECT_TRUE(provenance.git_is_dirty);
}

TEST(Provenance, WhatIsNoneIsRefused) {
  for (const char* text : {"", "[]", "{", R"({"command": 1, "directory": "", "git_commit": ""})"}) {
    expect_error("does not say where its runs come from", [&] { read_of(text); });
  }
}

TEST(Provenance, OnlyTrueMeansDirty) {
  for (const char* dirty : {"1", "null", "\"yes\"", "[]"}) {
    const std::string text =
        R"({"command": "", "directory": "", "git_commit": "", "git_is_dirty": )";
    EXPECT_FALSE(read_of(text + dirty + "}").git_is_dirty);
  }
}

TEST(Provenance, GoesAlongWithItsChanges) {
  for (const char* changes : {"provenance.diff", "provenance.cut.diff"}) {
    const test::TemporaryFolder from;
    const test::TemporaryFolder to;
    test::write_file(from / "provenance.json", "{}");
    test::write_file(from / changes, "+line\n");
    EXPECT_EQ(ProvenanceFile::copy(from / "provenance.json", to.path()), to / "provenance.json");
    EXPECT_EQ(test::read_file(to / changes), "+line\n");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(to.path()), {}), 2);
  }
}

}  // namespace
}  // namespace epochal
