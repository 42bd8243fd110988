#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/query.h"

namespace epochal {

/// What an epoch of a run takes: the mean of its own epochs so far, else of those of its setting
/// (the runs that differ in the seed alone), else what `epochal forecast` foresaw.
class EpochTimes {
 public:
  /// Looks at all runs of the store.
  explicit EpochTimes(const Query& query);

  /// Takes up how far runs are by now.
  void look_at(const std::vector<RunRecord>& runs);

  /// None where nothing is known.
  std::optional<Seconds> of(const RunRecord& run) const;

 private:
  struct Spent {
    Seconds time{0};
    Epoch epochs = 0;
  };

  const Query& query_;
  std::map<std::string, std::map<RunId, Spent>> by_setting_;
  mutable std::map<std::string, std::optional<Seconds>> foreseen_;  ///< by identity
};

/// How long a running run still takes: `epoch` for each that is not begun, and of the current one
/// what is left of it after `in_epoch`, which is never less than nothing.
Seconds time_left(Epoch not_done, Seconds epoch, Seconds in_epoch);

}  // namespace epochal
