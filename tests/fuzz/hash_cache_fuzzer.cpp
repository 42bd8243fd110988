// libFuzzer harness: a damaged cache of hashes. What comes out of it for a file is a hash, or
// nothing. '@' in the input stands for what the cache would hold of the file that is there, which
// no input could guess.

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "framework/base/content_hashes.h"
#include "tests/fuzz/memory_bound.h"
#include "tests/support/temporary_folder.h"

namespace {

namespace fs = std::filesystem;

/// A folder with a file in it, and a cache of its hash.
class HashedFolder {
 public:
  HashedFolder() {
    setenv("XDG_CACHE_HOME", (folder_ / "cache").c_str(), 1);
    epochal::test::write_file(folder_ / "images/a.png", "a");
    hashes();
    cache_ = fs::directory_iterator(folder_ / "cache/epochal")->path();
  }

  void write_cache(const std::string& text) const { epochal::test::write_file(cache_, text); }

  std::vector<std::string> hashes() const {
    return epochal::content_hashes(folder_ / "images", {"a.png", "missing.png"});
  }

  /// Size, times and number of the file.
  std::string stamp() const {
    struct stat status {};
    stat((folder_ / "images/a.png").c_str(), &status);
    const auto nanoseconds = [](const timespec& time) {
      return std::to_string(time.tv_sec * 1'000'000'000 + time.tv_nsec);
    };
    return std::to_string(status.st_size) + " " + nanoseconds(status.st_mtim) + " " +
           nanoseconds(status.st_ctim) + " " + std::to_string(status.st_ino);
  }

 private:
  epochal::test::TemporaryFolder folder_;
  fs::path cache_;
};

bool is_hash(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const HashedFolder folder;
  static const std::string stamp = folder.stamp();
  std::string cache;
  for (const char c : std::string(reinterpret_cast<const char*>(data), size)) {
    cache += c == '@' ? stamp : std::string(1, c);
  }
  folder.write_cache(cache);
  const epochal::fuzz::MemoryBound bound(cache.size());
  const std::vector<std::string> hashes = folder.hashes();
  if (!is_hash(hashes.at(0)) || !hashes.at(1).empty()) std::abort();
  return 0;
}
