#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "framework/app/options.h"
#include "framework/app/sweep_arguments.h"
#include "framework/executor/sweep_search.h"

namespace epochal::app {

/// A sweep that a command does, and the runs that it asks for: those of a list, or those that a
/// search has asked for so far.
struct SweepToDo {
  const SweepArguments& sweep;
  const SweepExperiments& experiments;
  const std::vector<RunSpec>& specs;
  const SweepSearch* search = nullptr;  ///< of a sweep that has one
};

/// The runs that a command is about, after they were recorded.
struct RecordedRuns {
  std::vector<store::RunId> ids;         ///< each once, in the order of the sweep
  std::vector<store::RunId> left_alone;  ///< of another build, and not continued
  std::map<store::RunId, Epoch> asked;   ///< the epochs that this command wants

  bool is_left_alone(store::RunId run) const {
    return std::find(left_alone.begin(), left_alone.end(), run) != left_alone.end();
  }
};

/// Records the runs that a sweep asks for, and queues those that the options of `epochal run` ask
/// for again: failed, stopped or longer ones, or those of another build. Keeps those of --shard.
/// Throws Error for runs that would lose their epochs.
RecordedRuns record_runs(const Options& options, store::Store& store, const SweepToDo& wanted,
                         PluginRegistry& registry);

/// The runs by what is to be done.
struct Backlog {
  std::vector<store::RunId> waiting;
  std::size_t to_ask = 0;  ///< trials of a search that are still to come
  std::size_t had_failed = 0;
  std::size_t had_finished = 0;

  std::size_t size() const { return waiting.size() + to_ask; }
};

Backlog backlog_of(const store::Query& query, const RecordedRuns& runs, const SweepSearch* search);

/// The runs of all trials of a search so far, each once.
std::vector<store::RunId> runs_so_far(const SweepSearch& search);

/// The number of trials that are still to be asked for.
std::size_t trials_left(const SweepSearch& search);

/// The runs that are not left out, in their order.
std::vector<store::RunId> without(std::vector<store::RunId> runs,
                                  const std::vector<store::RunId>& left_out);

}  // namespace epochal::app
