#include "framework/runner/provenance.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace epochal
