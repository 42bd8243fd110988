#include "db/maintenance/garbage.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "db/run_folder.h"
#include "tests/support/with_store.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class GarbageTest : public test::WithStore {
 protected:
  RunId recorded(char digit) {
    SweepRecord sweep;
    sweep.name = sweep.content_hash = std::string(1, digit);
    return store_.record_sweep(sweep, {test::noop_run(digit, 2)}).front();
  }

  fs::path folder_of(char digit) const {
    return folder_ / RunFolder::in_store(std::string(64, digit));
  }

  /// A file that was written so long ago.
  static void put(const fs::path& file, std::chrono::minutes age) {
    test::write_file(file, "12345");
    fs::last_write_time(file, fs::file_time_type::clock::now() - age);
  }

  /// Why each path is garbage, by its name.
  std::map<std::string, std::string> found() const {
    std::map<std::string, std::string> reasons;
    for (const Garbage& garbage : garbage_of(query())) {
      reasons[garbage.path.filename().string()] = garbage.why;
    }
    return reasons;
  }
};

using Reasons = std::map<std::string, std::string>;

TEST_F(GarbageTest, IsWhatNoRecordNamesOnceItIsAnHourOld) {
  recorded('a');
  put(folder_of('a') / "old.png", 61min);
  put(folder_of('a') / "new.png", 5min);
  EXPECT_EQ(found(), (Reasons{{"old.png", "no record names it"}}));
}

TEST_F(GarbageTest, IsAFolderOfNoRun) {
  recorded('a');
  put(folder_of('b') / "x.png", 61min);
  fs::last_write_time(folder_of('b'), fs::file_time_type::clock::now() - 61min);
  EXPECT_EQ(found(), (Reasons{{folder_of('b').filename().string(), "no run uses it"}}));
  put(folder_of('b') / "y.png", 1min);
  EXPECT_TRUE(found().empty()) << "a run may just be writing there";
}

TEST_F(GarbageTest, IsAllOfARunInTheTrash) {
  const RunId run = recorded('a');
  put(folder_of('a') / "new.png", 0min);
  EXPECT_TRUE(found().empty());
  store_.trash({run});
  EXPECT_EQ(found(), (Reasons{{folder_of('a').filename().string(), kInTheTrash}}));
}

TEST_F(GarbageTest, IsNothingOfARunThatRuns) {
  const RunId run = recorded('a');
  put(folder_of('a') / "old.png", 61min);
  ASSERT_TRUE(store_.claim(run, {}));
  EXPECT_TRUE(found().empty());
}

TEST_F(GarbageTest, EndsAtLinks) {
  recorded('a');
  const test::TemporaryFolder outside;
  put(outside / "kept.png", 61min);
  fs::create_directories(folder_of('a'));
  fs::create_directory_symlink(outside.path(), folder_of('a') / "link");
  EXPECT_EQ(found(), (Reasons{{"link", "no record names it"}}));
  EXPECT_EQ(bytes_below(folder_of('a') / "link"), 0);
  EXPECT_EQ(bytes_below(outside.path()), 5);
}

}  // namespace
}  // namespace epochal::store
