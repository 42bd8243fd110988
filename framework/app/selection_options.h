#pragma once

#include <string>
#include <vector>

#include "db/query.h"
#include "framework/app/options.h"

namespace epochal::app {

/// Declares --sweep, --where, --sort and --limit.
void add_selection(Options& options);

/// The selection by those options. Throws Error for a limit that is not a number. The filter is
/// checked when it is used.
store::RunSelection selection_of(const Options& options, const store::Query& query);

/// Runs that are recorded as running but whose worker is gone.
std::set<store::RunId> lost_runs(const store::Query& query);

/// Whether anybody is working on runs of the store.
bool is_busy(const store::Query& query);

/// The runs that `names` names by the first digits of their identities, and the runs that --where
/// and --sweep select. Throws Error if neither is given or no run is found.
std::vector<store::RunId> named_or_selected(const Options& options, const store::Query& query,
                                            const std::vector<std::string>& names);

/// "a, b" -> "a", "b"; a comma in backticks belongs to a name.
std::vector<std::string> comma_list(const std::string& text);

}  // namespace epochal::app
