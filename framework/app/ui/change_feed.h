#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace epochal {

/// What has changed in a store between two cursors.
struct StoreChange {
  std::int64_t cursor = 0;           ///< up to which this says everything
  bool is_all = false;               ///< too much, or the cursor is not known: read all again
  bool has_sweeps = false;           ///< a sweep or a job array is new
  std::vector<std::string> runs;     ///< their identities
  std::vector<std::string> removed;  ///< identities of runs that went into the trash or away
};

/// Watches a store for pages that want to know what changes in it. SQLite's own counter says when
/// somebody has written; only then, and while somebody listens, are the runs looked at, and never
/// for more than a twentieth of the time.
class ChangeFeed {
 public:
  explicit ChangeFeed(std::filesystem::path store);
  ~ChangeFeed();
  ChangeFeed(const ChangeFeed&) = delete;
  ChangeFeed& operator=(const ChangeFeed&) = delete;

  /// Where a page stands that reads the store now.
  std::int64_t cursor();

  /// What has changed behind `cursor`; waits for it for as long as `patience`. None if nothing did,
  /// or the feed has stopped.
  std::optional<StoreChange> wait(std::int64_t cursor, std::chrono::milliseconds patience);

  /// Lets everybody who waits go.
  void stop();
  bool has_stopped();

 private:
  void watch();
  void look(const std::map<std::string, std::size_t>& runs, std::size_t sweeps);
  StoreChange since(std::int64_t cursor) const;

  std::filesystem::path store_;
  std::mutex mutex_;
  std::condition_variable changed_;  ///< told to those who wait, and to the watching thread
  bool is_stopped_ = false;
  int listeners_ = 0;
  std::int64_t cursor_ = 0;
  std::int64_t first_ = 0;                          ///< what lies before it is not known
  std::map<std::string, std::size_t> runs_;         ///< a hash of each run's state
  std::map<std::string, std::int64_t> changed_at_;  ///< the cursor of each run's last change
  std::map<std::string, std::int64_t> removed_at_;
  std::size_t sweeps_ = 0;
  std::int64_t sweeps_changed_at_ = 0;
  std::thread thread_;
};

}  // namespace epochal
