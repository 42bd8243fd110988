#pragma once

#include <filesystem>

namespace epochal::fuzz {

/// Asks a store all that commands ask: the reads of Query, selections, listings, what reports
/// show, SQL over the views, and what can be salvaged. See attempt() for what may come of each.
void read_store(const std::filesystem::path& folder);

}  // namespace epochal::fuzz
