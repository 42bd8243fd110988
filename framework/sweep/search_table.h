#pragma once

// Reading the [sweep.search] table. Private to framework/sweep.

#include <toml++/toml.h>

#include <filesystem>
#include <string>

#include "framework/sweep/sweep.h"

namespace epochal {

/// Replaces the values and parameters whose keys the table has: `trials`, `seed`, `startup`,
/// `metric`, `mode`, `value`, and parameters with their distributions and conditions. Relative
/// paths start from `folder`. Throws Error with the place for wrong types and numbers out of range.
void read_search_table(const toml::table& table, const std::string& file,
                       const std::filesystem::path& folder, SearchRequest& search);

/// Puts each parameter of the search after the one that it depends on, and takes out those whose
/// condition a fixed value of the sweep decides against. Throws Error with the place for a
/// condition that cannot hold, and for a search that has no parameter left.
void settle_search(Sweep& sweep);

}  // namespace epochal
