#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/query.h"

namespace epochal::app {

/// The time of an epoch of a run: the mean of its own epochs so far, or else of the runs that
/// differ only in their seed, or else what `epochal forecast` predicted.
class EpochTimes {
 public:
  /// Reads all runs of the store.
  explicit EpochTimes(const store::Query& query);

  /// Updates the progress of runs.
  void look_at(const std::vector<store::RunRecord>& runs);

  /// None if nothing is known.
  std::optional<Seconds> of(const store::RunRecord& run) const;

 private:
  struct Spent {
    Seconds time{0};
    Epoch epochs = 0;
  };

  const store::Query& query_;
  std::map<std::string, std::map<store::RunId, Spent>> by_setting_;
  mutable std::map<std::string, std::optional<Seconds>> foreseen_;  ///< by identity
};

/// The time that a running run still needs: `epoch` for each epoch that has not started, and the
/// rest of the current one after `in_epoch`, which is never negative.
Seconds time_left(Epoch not_done, Seconds epoch, Seconds in_epoch);

}  // namespace epochal::app
