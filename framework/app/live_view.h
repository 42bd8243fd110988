#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "db/query.h"
#include "framework/app/colour.h"
#include "framework/app/time_left.h"

namespace epochal::app {

/// Lines at the bottom of a terminal that are redrawn, on stderr. Draws nothing if stderr is not a
/// terminal.
class LiveView {
 public:
  LiveView();
  ~LiveView() { clear(); }
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  bool is_terminal() const { return is_terminal_; }
  /// Whether it is time to draw again: a few times a second.
  bool is_due() const;
  /// Replaces the lines. Cuts lines that are too wide and leaves out lines beyond the terminal's
  /// height.
  void draw(const std::vector<TextLine>& lines);
  void clear();

 private:
  bool is_terminal_;
  bool has_colours_;
  std::size_t shown_ = 0;
  std::chrono::steady_clock::time_point drawn_{};
};

/// The progress of a running run: "3f9c2a1b0c epoch 4/20 [###.......] 3 min 12 s left,
/// val.total 2.31, 120 images/s".
TextLine progress_line(const store::Query& query, const store::RunRecord& run,
                       const EpochTimes& times, const std::string& sample_word);

/// "3 of 24 runs done, 2 running, 1 failed, 12 min left". The time left is the time of the missing
/// epochs divided by the number of running runs. A run whose epoch time is unknown counts like the
/// others, and so do `more` runs that will come.
TextLine sweep_line(const store::Query& query, const std::vector<store::RunRecord>& runs,
                    const EpochTimes& times, std::size_t more = 0);

}  // namespace epochal::app
