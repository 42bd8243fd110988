// Uncommitted changes to the sources: kept once, by their hash, whole or said to be cut.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <regex>
#include <set>

#include "framework/system/program_output.h"
#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

namespace fs = std::filesystem;

class Sources : public ProgramTest {
 protected:
  Sources() {
    in_folder(
        "git init -q . && head -c 600000 /dev/urandom > model.bin && git add model.bin && "
        "git -c user.email=a@b -c user.name=a commit -qm a && head -c 600000 /dev/urandom > "
        "model.bin");
    write_file(program_ / "s.toml",
               "name='s'\nexperiment='noop'\n[sweep.grid]\nlearning_rate=[0.1, 0.2, 0.3]\n");
  }

  void in_folder(const std::string& command) {
    ASSERT_EQ(program_.shell(command).exit_code, 0) << command << "\n" << program_.err();
  }

  /// The diffs of the runs of a store.
  std::vector<fs::path> diffs(const std::string& store) const {
    std::vector<fs::path> files;
    const store::Query query(program_ / store);
    for (const store::RunRecord& run : query.runs()) {
      for (const store::ArtifactRecord& artifact : query.artifacts(run.id)) {
        if (artifact.kind == store::ArtifactRecord::Kind::diff) {
          files.push_back(program_ / store / artifact.path);
        }
      }
    }
    return files;
  }

  static std::size_t files_behind(const std::vector<fs::path>& names) {
    std::set<ino_t> files;
    for (const fs::path& name : names) {
      struct stat status {};
      EXPECT_EQ(stat(name.c_str(), &status), 0) << name;
      files.insert(status.st_ino);
    }
    return files.size();
  }
};

TEST_F(Sources, ADiffIsKeptOnceAndWhole) {
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"run", "s.toml", "learning_rate=0.4"}).exit_code, 0);
  const std::vector<fs::path> names = diffs("epochal-store");
  ASSERT_EQ(names.size(), 4u);
  EXPECT_EQ(files_behind(names), 1u) << "another command with the same changes shares it";
  EXPECT_GT(fs::file_size(names.front()), 1u << 20);
  in_folder("cp model.bin changed && git checkout -q model.bin && git apply '" +
            names.front().string() + "' && cmp model.bin changed");
  const std::string room = run({"du"}).out;
  EXPECT_TRUE(std::regex_search(room, std::regex("\n *1\\.[0-9] MB +diffs\n"))) << room;
}

TEST_F(Sources, RunsComeAndGoWithoutEachOther) {
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const std::string text = read_file(diffs("epochal-store").front());
  ASSERT_EQ(run({"rm", "--where", "learning_rate < 0.25"}).exit_code, 0);
  ASSERT_EQ(run({"gc"}).exit_code, 0);
  ASSERT_EQ(diffs("epochal-store").size(), 1u);
  EXPECT_EQ(read_file(diffs("epochal-store").front()), text);
  expect_in(run({"doctor"}).out, "ok    store     epochal-store: ");

  ASSERT_EQ(run({"run", "s.toml", "--store", "other"}).exit_code, 0);
  ASSERT_EQ(run({"merge", "other"}).exit_code, 0);
  EXPECT_EQ(diffs("epochal-store").size(), 3u);
  EXPECT_EQ(files_behind(diffs("epochal-store")), 1u);
  EXPECT_EQ(read_file(diffs("epochal-store").back()), text);
  ASSERT_EQ(run({"export", "--to", "mlflow", "out"}).exit_code, 0);
  in_folder("test $(find out -name 'sources-*.diff' | wc -l) = 3");
}

TEST_F(Sources, WhatNoRunHasGoesWithTheGarbage) {
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"rm", "--where", "seed = 0"}).exit_code, 0);
  const fs::path shared = program_ / "epochal-store/artifacts/sources";
  const auto count = [&] {
    return std::distance(fs::directory_iterator(shared), fs::directory_iterator());
  };
  ASSERT_EQ(run({"gc"}).exit_code, 0);
  ASSERT_EQ(count(), 1) << "another run may be about to take it";
  fs::last_write_time(fs::directory_iterator(shared)->path(),
                      fs::file_time_type::clock::now() - std::chrono::hours(2));
  ASSERT_EQ(run({"gc"}).exit_code, 0);
  EXPECT_EQ(count(), 0);
}

TEST_F(Sources, AStoreOfEarlierVersionsIsReadAsItIs) {
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  for (const fs::path& name : diffs("epochal-store")) {  // a copy each, as they were kept before
    fs::copy_file(name, name.string() + ".copy");
    fs::rename(name.string() + ".copy", name);
  }
  fs::remove_all(program_ / "epochal-store/artifacts/sources");
  EXPECT_EQ(files_behind(diffs("epochal-store")), 3u);
  expect_in(run({"doctor"}).out, "ok    store     epochal-store: ");
  EXPECT_EQ(run({"show", "@last"}).exit_code, 0);
  ASSERT_EQ(run({"run", "s.toml", "epochs=2"}).exit_code, 0);
  EXPECT_EQ(files_behind(diffs("epochal-store")), 1u) << "runs that go on share it by now";
}

TEST_F(Sources, ASharedFileThatSomebodyChangedIsNotTrusted) {
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const std::string text = read_file(diffs("epochal-store").front());
  const fs::path shared =
      fs::directory_iterator(program_ / "epochal-store/artifacts/sources")->path();
  fs::remove(shared);
  write_file(shared, "other");
  ASSERT_EQ(run({"run", "s.toml", "learning_rate=0.4"}).exit_code, 0);
  EXPECT_EQ(read_file(diffs("epochal-store").back()), text);
}

TEST_F(Sources, ADiffThatIsTooLargeSaysThatItIsCut) {
  in_folder("head -c 60000000 /dev/urandom > model.bin");
  const Finished finished = succeed({"run", "s.toml"});
  expect_in(finished.err, "the uncommitted changes to the sources are larger than 64 MiB");
  ASSERT_EQ(diffs("epochal-store").size(), 3u);
  const fs::path name = diffs("epochal-store").front();
  EXPECT_TRUE(name.string().ends_with(".cut.diff")) << name;
  EXPECT_LE(fs::file_size(name), 64u << 20);
  expect_in(run({"show", "@last"}).out, "the rest was too large");
}

}  // namespace
}  // namespace epochal::test
