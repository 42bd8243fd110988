#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/command/declaration.h"
#include "framework/command/line_pattern.h"
#include "framework/command/program_line.h"

namespace epochal {

/// What a program has reported about one epoch. Epochs count from 1 here.
struct EpochReport {
  Epoch number = 0;
  EpochLine said;
};

/// Assembles epochs from a program's messages and from what patterns find in its output. An epoch
/// ends with a message that names it, when all patterns have found their value for it, when a later
/// one starts, or when the program ends.
class EpochCollector {
 public:
  /// `due`: the first epoch that the program does. `last`: the number of epochs of the run; ignored
  /// for a tracked program, which decides that itself.
  EpochCollector(const CommandDeclaration& command, Epoch due, Epoch last);

  /// From now on only messages end epochs, and epochs count from 1: values from patterns belong to
  /// the current epoch.
  void listen_to_client();

  /// Throws NoMessage for an epoch that has ended before or is not one of the run.
  void take(const EpochLine& line);

  /// Looks for values in a line of output. Throws NoMessage as take() does.
  void take_output(std::string_view line);

  /// The program has ended, which ends the current epoch.
  void end_of_program();

  /// The next epoch, if it has ended. An epoch that the program skipped has no values.
  std::optional<EpochReport> next();

  /// Whether the program has reported anything about any epoch.
  bool has_heard() const { return has_heard_; }

  /// The metrics with a pattern for which no value was found or reported.
  std::vector<std::string> missing() const;
  /// Whether the metric's pattern has matched a line, even without a number.
  bool has_matched(const std::string& metric) const { return matched_.contains(metric); }

  /// The program's own number of the run's first epoch.
  std::int64_t first_said() const { return 1 - offset_; }

 private:
  EpochReport& open(Epoch number);
  void end_open();
  Epoch counted(std::int64_t said);
  struct Pattern {
    std::string metric;
    LinePattern pattern;
  };

  void take_match(const Pattern& pattern, std::string_view line);
  void take_value(const std::string& metric, const LinePattern::Found& found);
  void remember(const Metrics& metrics);

  std::vector<Pattern> patterns_;
  std::int64_t offset_ = 0;  ///< added to the program's numbers
  bool is_tracked_ = false;
  bool has_client_ = false;
  Epoch due_ = 1;
  Epoch last_ = 1;
  Epoch last_ended_ = 0;
  bool has_heard_ = false;
  std::optional<EpochReport> open_;  ///< the epoch with values from patterns
  std::deque<EpochReport> ended_;
  std::set<std::string> names_;
  std::set<std::string> matched_;  ///< metrics whose pattern has matched a line
  std::set<std::string> seen_;     ///< metrics whose pattern has matched in the open epoch
  bool is_epoch_sound_ = true;     ///< whether the last line that matched had a valid epoch
  std::int64_t samples_ = 0;       ///< of all epochs
  std::int64_t steps_ = 0;
};

}  // namespace epochal
