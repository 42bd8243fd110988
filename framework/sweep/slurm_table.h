#pragma once

// Reading the [slurm] table. Private to framework/sweep.

#include <toml++/toml.h>

#include <string>

#include "framework/sweep/slurm_request.h"

namespace epochal {

/// Replaces the values whose keys the table has. Throws Error with the place for unknown keys,
/// numbers out of range and texts that sbatch does not take.
void read_slurm_table(const toml::table& table, const std::string& file, SlurmRequest& request);

}  // namespace epochal
