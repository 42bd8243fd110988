// Hashes of many files, with a cache: one text file a folder, one line a file: hash, size, times of
// the last writing and of the last change in nanoseconds, number of the file, name.

#include "framework/base/content_hashes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <thread>

#include "framework/base/error.h"
#include "framework/base/sha256.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

using Stamp = FileHashes::Stamp;
using Remembered = FileHashes::Remembered;

constexpr std::int64_t kNanosecondsASecond = 1'000'000'000;

std::optional<Stamp> stamp_of(const fs::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return std::nullopt;
  const auto nanoseconds = [](const timespec& time) {
    return time.tv_sec * kNanosecondsASecond + time.tv_nsec;
  };
  return Stamp{status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim),
               status.st_ino};
}

/// The cache's folder; empty if the user has none: then nothing is cached.
fs::path hash_cache_file(const fs::path& folder) {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  fs::path place;
  if (cache != nullptr && *cache == '/') {
    place = cache;
  } else if (home != nullptr && *home == '/') {
    place = fs::path(home) / ".cache";
  } else {
    return {};
  }
  std::error_code error;
  const fs::path whole = fs::canonical(folder, error);
  if (error) return {};
  Sha256 key;
  key.add(whole.native());
  return place / "epochal" / ("hashes2-" + key.hex().substr(0, 32));
}

bool is_sha256_text(const std::string& text) {
  constexpr std::size_t kLength = 64;
  return text.size() == kLength && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// Skips broken lines: a damaged cache only costs time.
std::map<std::string, Remembered> read_hash_cache(const fs::path& file) {
  std::map<std::string, Remembered> remembered;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    Remembered entry;
    std::string name;
    words >> entry.hash >> entry.stamp.size >> entry.stamp.written >> entry.stamp.changed >>
        entry.stamp.number;
    words.ignore(1);
    if (std::getline(words, name) && is_sha256_text(entry.hash)) {
      remembered[name] = std::move(entry);
    }
  }
  return remembered;
}

void write_hash_cache(const fs::path& file, const std::map<std::string, Remembered>& remembered) {
  // Ignores failures: without a cache the next command is only slower.
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  const fs::path temporary = file.string() + "." + std::to_string(getpid());
  std::ofstream out(temporary);
  for (const auto& [name, entry] : remembered) {
    if (name.find('\n') != std::string::npos) continue;
    out << entry.hash << ' ' << entry.stamp.size << ' ' << entry.stamp.written << ' '
        << entry.stamp.changed << ' ' << entry.stamp.number << ' ' << name << '\n';
  }
  out.close();
  if (out) {
    fs::rename(temporary, file, ignored);
  } else {
    fs::remove(temporary, ignored);
  }
}

/// A file that has just changed may change again without another time stamp.
bool is_settled(const Stamp& stamp) {
  const std::int64_t settled = (std::time(nullptr) - 2) * kNanosecondsASecond;
  return std::max(stamp.written, stamp.changed) < settled;
}

std::string hash_or_nothing(const fs::path& file) {
  try {
    return sha256_of_file(file);
  } catch (const Error&) {
    return {};  // loading the image reports the reason
  }
}

}  // namespace

std::vector<std::string> content_hashes(const fs::path& folder,
                                        const std::vector<fs::path>& files) {
  const fs::path cache = hash_cache_file(folder);
  const auto remembered = read_hash_cache(cache);
  std::vector<std::string> hashes(files.size());
  std::vector<std::optional<Stamp>> stamps(files.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> read = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) {
      stamps[i] = stamp_of(folder / files[i]);
      const auto known = remembered.find(files[i].native());
      if (known != remembered.end() && stamps[i] == known->second.stamp) {
        hashes[i] = known->second.hash;
      } else {
        hashes[i] = hash_or_nothing(folder / files[i]);
        ++read;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    const unsigned count = std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 1; i < count; ++i) threads.emplace_back(work);
    work();
  }
  if (cache.empty() || (read == 0 && remembered.size() == files.size())) return hashes;

  std::map<std::string, Remembered> fresh;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool may_stay = stamps[i] && is_settled(*stamps[i]);
    if (may_stay && !hashes[i].empty()) fresh[files[i].native()] = {*stamps[i], hashes[i]};
  }
  write_hash_cache(cache, fresh);
  return hashes;
}

std::string FileHashes::of(const fs::path& file) {
  const std::optional<Stamp> stamp = stamp_of(file);
  const auto known = remembered_.find(file);
  if (known != remembered_.end() && stamp == known->second.stamp) return known->second.hash;
  std::string hash = sha256_of_file(file);
  if (stamp && is_settled(*stamp)) remembered_[file] = {*stamp, hash};
  return hash;
}

}  // namespace epochal
