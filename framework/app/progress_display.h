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

namespace epochal::app {

/// Shows a sweep while it runs: on a terminal a moving line for each running run and one for the
/// sweep, and a line for each run that ends; elsewhere plain lines, one for each epoch and for each
/// run that begins or ends. Everything goes to stderr.
class ProgressDisplay : public DispatchObserver {
 public:
  /// `runs`: the runs to show; `all`: how many there will be, where others come later.
  ProgressDisplay(const std::filesystem::path& store, std::vector<store::RunId> runs,
                  std::size_t all = 0);

  void started(const store::RunRecord& run) override;
  void ended(const store::RunRecord& record) override;
  void elsewhere(const store::RunRecord& run, const store::AttemptRecord& attempt) override;
  void removed(store::RunId run) override;
  void waiting(const std::vector<store::RunId>& running) override;

 private:
  /// The run with the number of epochs for which this process has started it. Another process may
  /// have asked for more since.
  store::RunRecord as_started(store::RunRecord run) const;
  std::string reason_to_stop(store::RunId run) const;
  std::string not_taken(store::RunId run) const;
  void tell_epochs(const std::vector<store::RunId>& running);
  void draw(const std::vector<store::RunId>& running);

  store::Query query_;
  std::vector<store::RunId> runs_;
  std::size_t all_;
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
  std::map<store::RunId, Start> running_;
  LiveView view_;
};

}  // namespace epochal::app
