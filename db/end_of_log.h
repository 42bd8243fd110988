#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "db/records.h"

namespace epochal::store {

/// The last lines of a file, at most ten lines and 2,000 bytes, without the final line break. Empty
/// if there are none.
std::string last_lines(const std::filesystem::path& file);

/// The last lines that a run printed, from its newest log. Empty if there are none.
std::string end_of_log(const std::filesystem::path& store,
                       const std::vector<ArtifactRecord>& artifacts);

}  // namespace epochal::store
