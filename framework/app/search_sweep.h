#pragma once

#include <map>
#include <memory>
#include <vector>

#include "framework/app/sweep_arguments.h"
#include "framework/executor/searched_runs.h"
#include "framework/executor/sweep_search.h"
#include "framework/runner/work_options.h"

namespace epochal::app {

/// Stands in the record of an attempt by `epochal ask`, in the place of the boot of its process.
inline constexpr char kAskedBoot[] = "asked";

/// Throws Error for a sweep whose program asks for its points itself (see `epochal ask`).
void refuse_without_program(const Sweep& sweep);

/// Records a sweep that has a search, or finds it. The sweep and the experiments outlive the
/// search.
std::unique_ptr<SweepSearch> recorded_search(store::Store& store, const SweepArguments& arguments,
                                             const SweepExperiments& experiments);

/// The points that the store has of a sweep's search; none where it has none.
std::vector<KnownTrial> recorded_trials(const std::filesystem::path& store,
                                        const SweepArguments& arguments,
                                        const SearchRequest& search);

/// The records of the trials' runs as the sweep wants them now, by number.
std::map<std::int64_t, store::RunRecord> runs_of_trials(const std::vector<KnownTrial>& trials,
                                                        const SweepArguments& arguments,
                                                        const SweepExperiments& experiments);

/// Prints what a search chooses, by what, and how far it has come.
void print_search(const Sweep& sweep, const SearchRequest& search, std::size_t asked);

/// Says which trial is the best so far.
void print_best_trial(const SweepSearch& search, const store::Query& query);

/// Says that the search finds nothing new. Returns false, and says nothing, where it still may.
bool print_nothing_new(const Sweep& sweep, const SweepSearch& search);

/// Searches with Slurm in rounds: asks for as many points as tasks may run at a time, does their
/// runs, and asks for the next ones. With `detach`, submits one round and returns.
void search_on_slurm(store::Store& store, const Sweep& sweep, std::int64_t sweep_id,
                     SearchedRuns& runs, const WorkOptions& work, bool detach);

}  // namespace epochal::app
