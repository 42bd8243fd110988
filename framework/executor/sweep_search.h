#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/query.h"
#include "db/store.h"
#include "framework/plugin/experiment.h"
#include "framework/sweep/sweep.h"

namespace epochal {

/// A trial of a search, and what has come of it; nothing where it has no run yet.
using KnownTrial = std::pair<store::SearchTrial, std::optional<store::TrialResult>>;

/// How many trials in a row without a new point end a search: its space has no more of them, or
/// none that it would choose.
inline constexpr std::size_t kMostRepeats = 100;

/// Whether each of the last kMostRepeats trials asked for a point that an earlier one had asked
/// for. `trials` are all of a search, by number.
bool finds_nothing_new(const std::vector<KnownTrial>& trials);

/// The adaptive search of a sweep as the store has it: asks for points, records them, and gives
/// each its run. Processes that search the same sweep at the same time share one search.
class SweepSearch {
 public:
  /// Makes the record of a point's run.
  using MakeRun = std::function<store::RunRecord(const std::string& point)>;

  /// `id` is the recorded sweep. What is referred to outlives this.
  SweepSearch(store::Store& store, const Sweep& sweep, const ExperimentInfo& experiment,
              std::int64_t id, MakeRun make_run);

  /// All trials asked for so far, by number.
  std::vector<KnownTrial> trials() const;

  /// Asks for the next point and records it. None if all trials of the sweep have been asked for,
  /// or if it finds nothing new.
  std::optional<store::SearchTrial> ask();

  /// Gives a trial its run, which is queued unless it is done, and returns it.
  store::RunId queue(const store::SearchTrial& trial);

  /// The finished trial with the best value; none if there is none.
  std::optional<store::SearchTrial> best() const;

  /// The value by which a result is judged; NaN if it has none.
  double value_of(const store::TrialResult& result) const;

  const SearchRequest& request() const { return request_; }

 private:
  std::optional<store::SearchTrial> next_trial() const;

  store::Store& store_;
  store::Query query_;
  SearchRequest request_;
  std::int64_t id_;
  MakeRun make_run_;
};

}  // namespace epochal
