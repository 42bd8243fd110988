#pragma once

#include <filesystem>

#include "db/maintenance/merge.h"

namespace epochal::app {

/// Prints on stderr what merging the store `other` did.
void print_outcome(const store::MergeOutcome& outcome, const std::filesystem::path& other);

}  // namespace epochal::app
