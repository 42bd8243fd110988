#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "db/query.h"

namespace epochal {

/// Lines at the bottom of a terminal that are drawn over and over, on stderr. On anything but a
/// terminal nothing is drawn.
class LiveView {
 public:
  LiveView();
  ~LiveView() { clear(); }
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  bool is_terminal() const { return is_terminal_; }
  /// Whether it is time to draw again: a few times a second.
  bool is_due() const;
  /// Replaces what is shown; lines too wide are cut, and so are lines beyond the terminal's height.
  void draw(const std::vector<std::string>& lines);
  void clear();

 private:
  bool is_terminal_;
  std::size_t shown_ = 0;
  std::chrono::steady_clock::time_point drawn_{};
};

/// Where a running run stands: "3f9c2a1b0c epoch 4/20 [###.....] val.total 2.31, 120/s, 3.2 min
/// left".
std::string progress_line(const Query& query, const RunRecord& run);

/// "3 of 24 runs done, 2 running, 1 failed, 12 min left". The time left is that of the epochs which
/// have yet to be done, at the rate of `done_since` of them in `elapsed`.
std::string sweep_line(const std::vector<RunRecord>& runs, Epoch done_since, Seconds elapsed);

}  // namespace epochal
