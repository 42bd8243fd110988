#pragma once

#include <chrono>
#include <map>
#include <string>

#include "db/query.h"
#include "framework/executor/dispatch.h"

namespace epochal {

/// Shows a sweep while it runs: on a terminal one line that moves, with rate and time left, and a
/// line for each run that ends; elsewhere only the lines. Everything goes to stderr.
class ProgressDisplay : public DispatchObserver {
 public:
  ProgressDisplay(std::filesystem::path store, std::size_t runs);

  void started(const RunRecord& run) override;
  void ended(const RunRecord& run) override;
  void waiting(const std::vector<RunId>& running) override;

 private:
  struct RunProgress {
    RunRecord run;
    std::chrono::steady_clock::time_point start;
    double epochs_at_start = 0;
  };

  std::string line_of(const RunProgress& progress, const AttemptRecord& attempt) const;
  std::string reason_to_stop(RunId run) const;
  void clear_line();

  std::filesystem::path store_;
  std::size_t runs_;
  std::size_t ended_ = 0;
  bool is_terminal_;
  bool line_shown_ = false;
  std::map<RunId, RunProgress> running_;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace epochal
