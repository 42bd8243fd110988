#include "framework/base/content_hashes.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <utime.h>

#include <cstdlib>
#include <fstream>

#include "framework/base/sha256.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

class ContentHashes : public ::testing::Test {
 protected:
  void SetUp() override { setenv("XDG_CACHE_HOME", (folder_ / "cache").c_str(), 1); }
  void TearDown() override { unsetenv("XDG_CACHE_HOME"); }

  /// Changed long enough ago for the cache to trust it.
  void write_old(const std::string& name, const std::string& text, std::time_t changed = 1000) {
    test::write_file(folder_ / "images" / name, text);
    const utimbuf times{changed, changed};
    utime((folder_ / "images" / name).c_str(), &times);
  }

  std::vector<std::string> hashes(const std::vector<std::filesystem::path>& files) {
    return content_hashes(folder_ / "images", files);
  }

  test::TemporaryFolder folder_;
};

TEST_F(ContentHashes, OfADamagedCacheAreNotBelieved) {
  write_old("a.jpg", "one");
  hashes({"a.jpg"});
  const auto cache = std::filesystem::directory_iterator(folder_ / "cache/epochal")->path();
  struct stat status {};
  stat((folder_ / "images/a.jpg").c_str(), &status);
  const auto nanoseconds = [](const timespec& time) {
    return std::to_string(time.tv_sec * 1'000'000'000 + time.tv_nsec);
  };
  const std::string known = " 3 " + nanoseconds(status.st_mtim) + " " +
                            nanoseconds(status.st_ctim) + " " + std::to_string(status.st_ino) +
                            " a.jpg\n";
  test::write_file(cache, std::string(64, 'a') + known);
  EXPECT_EQ(hashes({"a.jpg"}).front(), std::string(64, 'a'));
  test::write_file(cache, std::string(64, 'g') + known);
  EXPECT_EQ(hashes({"a.jpg"}).front(), sha256_of_file(folder_ / "images/a.jpg"));
}

TEST_F(ContentHashes, AreThoseOfTheFiles) {
  write_old("a.jpg", "one");
  write_old("b with spaces.jpg", "two");
  for (int round = 0; round < 2; ++round) {  // the second one from the cache
    const auto found = hashes({"a.jpg", "b with spaces.jpg", "missing.jpg"});
    EXPECT_EQ(found[0], sha256_of_file(folder_ / "images/a.jpg"));
    EXPECT_EQ(found[1], sha256_of_file(folder_ / "images/b with spaces.jpg"));
    EXPECT_EQ(found[2], "");
  }
}

TEST_F(ContentHashes, FollowContentsWhoseSizeAndTimeAreAsBefore) {
  write_old("a.jpg", "one");
  const auto first = hashes({"a.jpg"});
  write_old("a.jpg", "two");  // as cp -p, rsync -t and archives leave it
  EXPECT_NE(hashes({"a.jpg"}), first);
}

TEST_F(ContentHashes, AreRememberedForFilesThatLieAsTheyWere) {
  const std::filesystem::path assets = EPOCHAL_SOURCE_FOLDER "/assets";
  const std::vector<std::filesystem::path> files{"encoder-mini.safetensors"};
  const std::string hash = content_hashes(assets, files).front();
  EXPECT_EQ(hash, sha256_of_file(assets / files.front()));
  // What is remembered is believed: the file itself is not read.
  const std::string other(hash.size(), 'a');
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "cache/epochal")) {
    std::string text = test::read_file(entry.path());
    text.replace(text.find(hash), hash.size(), other);
    test::write_file(entry.path(), text);
  }
  EXPECT_EQ(content_hashes(assets, files).front(), other);
}

TEST_F(ContentHashes, OfFilesThatChangedJustNowAreNotRemembered) {
  test::write_file(folder_ / "images/a.jpg", "one");
  const auto first = hashes({"a.jpg"});
  test::write_file(folder_ / "images/a.jpg", "two");
  EXPECT_NE(hashes({"a.jpg"}), first);
}

TEST_F(ContentHashes, SurviveADamagedCache) {
  write_old("a.jpg", "one");
  const auto first = hashes({"a.jpg"});
  ASSERT_FALSE(std::filesystem::is_empty(folder_ / "cache/epochal"));
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "cache/epochal")) {
    test::write_file(entry.path(), std::string("\0\xff junk\n 1 2\n", 14));
  }
  EXPECT_EQ(hashes({"a.jpg"}), first);
}

}  // namespace
}  // namespace epochal
