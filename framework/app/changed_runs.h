#pragma once

#include <string>
#include <vector>

#include "db/store.h"
#include "framework/app/options.h"

namespace epochal {

/// Declares --restart-changed and --allow-changed.
void add_changed_runs(Options& options);

/// Looks for runs whose epochs another build of the experiment made, says so once, and does what
/// the options decide: begins them again, or takes them as they are. Without either finished ones
/// stay, and unfinished ones are left alone: one run shall not be made by two programs unless
/// somebody says that this is right. Returns those that are left alone.
std::vector<RunId> settle_changed_runs(const Options& options, Store& store,
                                       const std::vector<RunId>& runs,
                                       const std::string& experiment, const std::string& build);

}  // namespace epochal
