#pragma once

#include <filesystem>

#include "db/maintenance/merge.h"

namespace epochal {

/// Prints on stderr what merging the store `other` did.
void print(const MergeOutcome& outcome, const std::filesystem::path& other);

}  // namespace epochal
