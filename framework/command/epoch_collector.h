#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/command/declaration.h"
#include "framework/command/line_pattern.h"
#include "framework/command/program_line.h"

namespace epochal {

/// What a program has said of one epoch, which is counted from 1 here.
struct EpochReport {
  Epoch number = 0;
  EpochLine said;
};

/// Puts epochs together from what a program says in messages and what patterns find in its output.
/// An epoch ends with a message that names it; or when all patterns have found their value for it;
/// or when a later one begins; or with the program.
class EpochCollector {
 public:
  /// `due`: the epoch that the program does first. `last`: how many the run shall have; for a
  /// tracked program, which has as many as it says, it means nothing.
  EpochCollector(const CommandDeclaration& command, Epoch due, Epoch last);

  /// From now on messages alone end epochs, which count from 1: what patterns find belongs to the
  /// epoch that runs.
  void listen_to_client();

  /// Throws NoMessage for an epoch that has ended before, or that the run shall not have.
  void take(const EpochLine& line);

  /// Looks for values in a line of output. Throws NoMessage as take() does.
  void take_output(std::string_view line);

  /// The program is over, and so is the epoch that it was in.
  void end_of_program();

  /// The epoch that is due next, once it has ended. One that the program passed over has no values.
  std::optional<EpochReport> next();

  /// Whether the program has said anything of any epoch.
  bool has_heard() const { return has_heard_; }

  /// The metrics that have a pattern, and of which no value was found or said.
  std::vector<std::string> missing() const;
  /// Whether its pattern has matched a line, be it without a number.
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
  std::optional<EpochReport> open_;  ///< by patterns
  std::deque<EpochReport> ended_;
  std::set<std::string> names_;
  std::set<std::string> matched_;  ///< metrics whose pattern has matched a line
  std::set<std::string> seen_;     ///< metrics whose pattern has matched in the open epoch
  bool is_epoch_sound_ = true;     ///< of the last line that matched
  std::int64_t samples_ = 0;       ///< of all epochs
  std::int64_t steps_ = 0;
};

}  // namespace epochal
