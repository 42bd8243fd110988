#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

#include "db/records.h"

namespace epochal {

/// Records every few seconds, from its own thread, that an attempt goes on, whatever the experiment
/// is doing. Notices when another process has taken over the run.
class Heartbeat {
 public:
  Heartbeat(std::filesystem::path store, store::AttemptId attempt);

  bool is_taken_over() const { return is_taken_over_; }

 private:
  void beat(const std::stop_token& stop);

  std::filesystem::path store_;
  store::AttemptId attempt_;
  std::atomic<bool> is_taken_over_ = false;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace epochal
