#pragma once

#include <filesystem>

#include "db/maintenance/merge.h"

namespace epochal {

/// Says on stderr what a merge of that store came to.
void print(const MergeOutcome& outcome, const std::filesystem::path& other);

}  // namespace epochal
