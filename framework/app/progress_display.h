#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/query.h"
#include "framework/app/epoch_lines.h"
#include "framework/app/live_view.h"
#include "framework/app/sample_words.h"
#include "framework/app/time_left.h"
#include "framework/executor/dispatch.h"

namespace epochal {

/// Shows a sweep while it runs: on a terminal a moving line for each running run and one for the
/// sweep, and a line for each run that ends; elsewhere plain lines, one for each epoch and for each
/// run that begins or ends. Everything goes to stderr.
class ProgressDisplay : public DispatchObserver {
 public:
  /// `runs`: the runs to show.
  ProgressDisplay(const std::filesystem::path& store, std::vector<RunId> runs);

  void started(const RunRecord& run) override;
  void ended(const RunRecord& record) override;
  void elsewhere(const RunRecord& run, const AttemptRecord& attempt) override;
  void removed(RunId run) override;
  void waiting(const std::vector<RunId>& running) override;

 private:
  /// The run with the number of epochs for which this process has started it. Another process may
  /// have asked for more since.
  RunRecord as_started(RunRecord run) const;
  std::string reason_to_stop(RunId run) const;
  std::string not_taken(RunId run) const;
  void tell_epochs(const std::vector<RunId>& running);
  void draw(const std::vector<RunId>& running);

  Query query_;
  std::vector<RunId> runs_;
  std::optional<EpochTimes> times_;  ///< set at the first drawing: it reads all runs of the store
  SampleWords words_;
  EpochLines lines_;
  std::chrono::steady_clock::time_point told_{};
  std::size_t started_ = 0;
  std::size_t ended_ = 0;
  struct Start {
    std::chrono::steady_clock::time_point at;
    Epoch epochs = 0;
  };
  std::map<RunId, Start> running_;
  LiveView view_;
};

}  // namespace epochal
