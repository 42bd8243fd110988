// The runs of a search, one at a time.

#include "framework/executor/searched_runs.h"

namespace epochal {
namespace {

bool is_to_do(store::RunStatus status) {
  // One that is running is another process's, which dispatch() waits for.
  return status == store::RunStatus::running ||
         store::may_become(status, store::RunStatus::running);
}

}  // namespace

SearchedRuns::SearchedRuns(SweepSearch& search, const store::Query& query,
                           const std::vector<store::RunId>& left_out)
    : search_(search), query_(query), given_(left_out.begin(), left_out.end()) {}

bool SearchedRuns::has_more() {
  return !is_exhausted_;
}

std::optional<store::RunId> SearchedRuns::next() {
  if (is_exhausted_) return std::nullopt;
  if (const auto run = unfinished_run()) return run;
  // One at a time: in a small space many points are done already, and the caller may have to stop.
  if (const auto trial = search_.ask()) return taken(search_.queue(*trial));
  // Another process may have asked for trials since.
  const std::optional<store::RunId> run = unfinished_run();
  is_exhausted_ = !run;
  return run;
}

std::optional<store::RunId> SearchedRuns::unfinished_run() {
  for (const auto& [trial, result] : search_.trials()) {
    if (result && (result->is_trashed || given_.contains(*trial.run) || !is_to_do(result->status)))
      continue;
    if (const auto run = taken(trial.run ? *trial.run : search_.queue(trial))) return run;
  }
  return std::nullopt;
}

/// The run if it is to do and was not given before.
std::optional<store::RunId> SearchedRuns::taken(store::RunId run) {
  if (!given_.insert(run).second || !is_to_do(query_.run(run).status)) return std::nullopt;
  return run;
}

}  // namespace epochal
