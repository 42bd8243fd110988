// The arrows and namespaces of docs/architecture.md, read from the sources themselves.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;
using Rooms = std::set<std::string>;

/// Which rooms each room may include, besides itself.
const std::map<std::string, Rooms> kArrows{
    {"framework/base", {}},
    {"framework/system", {"framework/base"}},
    {"framework/plugin", {"framework/base", "framework/system"}},
    {"framework/command", {"framework/base", "framework/system", "framework/plugin"}},
    {"framework/search", {"framework/base"}},
    {"framework/sweep",
     {"framework/base", "framework/system", "framework/plugin", "framework/command",
      "framework/search"}},
    {"framework/git_reader", {}},
    {"framework/keeper", {}},
    {"db", {"framework/base", "framework/system"}},
    // A report judges claims that a sweep declares, and shows what an experiment declares.
    {"reports",
     {"framework/base", "framework/system", "framework/plugin", "framework/sweep", "db"}},
    {"framework/runner",
     {"framework/base", "framework/system", "framework/plugin", "framework/command",
      "framework/sweep", "db"}},
    {"framework/executor",
     {"framework/base", "framework/system", "framework/plugin", "framework/sweep", "db",
      "framework/runner"}},
    {"framework/app",
     {"framework/base", "framework/system", "framework/plugin", "framework/command",
      "framework/sweep", "db", "reports", "framework/runner", "framework/executor"}},
    {"experiments/torch", {"framework/base", "framework/plugin"}},
    {"experiments/adain", {"framework/base", "framework/plugin", "experiments/torch"}},
    {"experiments/encoder", {"framework/base", "framework/plugin", "experiments/torch"}},
    {"experiments/noop", {"framework/base", "framework/plugin"}},
};

/// The room of "db/store.h" or "framework/app/main.cpp"; empty for what is in none.
std::string room_of(const std::string& path) {
  for (const auto& [room, allowed] : kArrows) {
    if (path.starts_with(room + "/")) return room;
  }
  return {};
}

TEST(Arrows, EveryIncludeFollowsThem) {
  const fs::path source = EPOCHAL_SOURCE_FOLDER;
  const std::regex own_include("^#include \"([a-z_]+/[^\"]+)\"");
  int includes = 0;
  for (const char* top : {"framework", "db", "reports", "experiments"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source / top)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp" && extension != ".inl") continue;
      const std::string file = entry.path().lexically_relative(source);
      const std::string room = room_of(file);
      if (file == "framework/precompiled.cpp") continue;  // is no code
      ASSERT_FALSE(room.empty()) << file << " is in no room: add its room to the arrows";
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        std::smatch match;
        if (!std::regex_search(line, match, own_include)) continue;
        ++includes;
        const std::string target = room_of(match[1]);
        EXPECT_TRUE(target == room || kArrows.at(room).contains(target))
            << file << " includes " << match[1];
      }
    }
  }
  EXPECT_GT(includes, 100);
}

/// The namespace of each room whose names no plugin sees.
const std::map<std::string, std::string> kNamespaces{
    {"db", "epochal::store"}, {"reports", "epochal::report"}, {"framework/app", "epochal::app"}};

/// The namespaces that a file opens on its outermost level: "epochal::store".
std::set<std::string> namespaces_of(const fs::path& file) {
  const std::regex opening(R"(^namespace (epochal[\w:]*) \{)");
  std::set<std::string> opened;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (std::regex_search(line, match, opening)) opened.insert(match[1]);
  }
  return opened;
}

TEST(Namespaces, EveryFileOfARoomIsInItsOwn) {
  const fs::path source = EPOCHAL_SOURCE_FOLDER;
  for (const auto& [room, name_space] : kNamespaces) {
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(source / room)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp") continue;
      ++files;
      EXPECT_EQ(namespaces_of(entry.path()), std::set<std::string>{name_space})
          << entry.path().lexically_relative(source);
    }
    EXPECT_GT(files, 10) << room;
  }
}

TEST(Arrows, LibTorchAndOpenCvStayInExperiments) {
  const fs::path source = EPOCHAL_SOURCE_FOLDER;
  const std::regex heavy("#include <(torch|ATen|c10|opencv2)/");
  for (const char* top : {"framework", "db", "reports"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source / top)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        EXPECT_FALSE(std::regex_search(line, heavy)) << entry.path() << ": " << line;
      }
    }
  }
}

}  // namespace
