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

#include "db/query.h"

namespace epochal::app {

/// The changes in a store between two cursors.
struct StoreChange {
  std::int64_t cursor = 0;        ///< the changes are complete up to here
  bool is_all = false;            ///< too many changes, or an unknown cursor: read all again
  bool has_sweeps = false;        ///< there is a new sweep or job array
  std::vector<std::string> runs;  ///< identities of runs that changed in more than their progress
  std::map<std::string, std::optional<store::LiveProgress>>
      working;                       ///< by identity, the progress of runs whose worker gave a sign
  std::vector<std::string> epochs;   ///< those of `runs` that have other epochs than before
  std::vector<std::string> removed;  ///< identities of runs that were moved to the trash or deleted
};

/// Watches a store and tells pages about its changes. SQLite's counter says when somebody has
/// written. Only then, and only while a page listens, are the runs read, for at most a twentieth of
/// the time.
class ChangeFeed {
 public:
  explicit ChangeFeed(std::filesystem::path store);
  ~ChangeFeed();
  ChangeFeed(const ChangeFeed&) = delete;
  ChangeFeed& operator=(const ChangeFeed&) = delete;

  /// The cursor of a page that reads the store now.
  std::int64_t cursor();

  /// The changes after `cursor`; waits for them up to `patience`. None if nothing changed or the
  /// feed has stopped.
  std::optional<StoreChange> wait(std::int64_t cursor, std::chrono::milliseconds patience);

  /// Wakes all who wait.
  void stop();
  bool has_stopped();

 private:
  void watch();
  void look(const std::map<std::string, store::RunState>& runs, std::size_t sweeps);
  StoreChange since(std::int64_t cursor) const;

  std::filesystem::path store_;
  std::mutex mutex_;
  std::condition_variable changed_;  ///< wakes those who wait, and the watching thread
  bool is_stopped_ = false;
  int listeners_ = 0;
  std::int64_t cursor_ = 0;
  std::int64_t first_ = 0;  ///< changes before it are unknown
  std::map<std::string, store::RunState> runs_;
  std::map<std::string, std::int64_t> changed_at_;  ///< the cursor of each run's last change
  std::map<std::string, std::int64_t> epochs_at_;   ///< and of the last change of its epochs
  std::map<std::string, std::int64_t> working_at_;  ///< and of the last sign of its worker
  std::map<std::string, std::int64_t> removed_at_;
  std::size_t sweeps_ = 0;
  std::int64_t sweeps_changed_at_ = 0;
  std::thread thread_;
};

}  // namespace epochal::app
