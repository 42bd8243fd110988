#pragma once

// Reading the [slurm] table. Private to framework/sweep.

#include <toml++/toml.h>

#include <string>

#include "framework/sweep/slurm_request.h"

namespace epochal {

/// Replaces the keys that the table has. Throws Error, naming the place, for unknown keys, numbers
/// out of range and texts that no sbatch option has.
void read_slurm_table(const toml::table& table, const std::string& file, SlurmRequest& request);

}  // namespace epochal
