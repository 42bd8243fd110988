#pragma once

#include <string>
#include <vector>

#include "db/query.h"
#include "framework/app/options.h"

namespace epochal {

/// Declares --sweep, --where, --sort and --limit.
void add_selection(Options& options);

/// What those options select. Throws Error for a limit that is no number; the filter itself is
/// checked when it is used.
RunSelection selection_of(const Options& options, const Query& query);

/// Runs that the store has as running and whose worker is gone.
std::set<RunId> lost_runs(const Query& query);

/// The runs that are named, by the starts of their identities, and those that --where and --sweep
/// select. Throws Error if neither is given, or nothing is found.
std::vector<RunId> named_or_selected(const Options& options, const Query& query,
                                     const std::vector<std::string>& names);

/// "a, b" -> "a", "b"; a comma in backticks belongs to a name.
std::vector<std::string> comma_list(const std::string& text);

}  // namespace epochal
