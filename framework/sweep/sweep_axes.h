#pragma once

// Reading the [sweep] table. Private to framework/sweep.

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "framework/sweep/sweep.h"

namespace epochal {

/// The axes of [sweep] in file order. Throws Error with the place.
std::vector<Axis> axes_of(const toml::table& sweep_table, const std::string& file);

/// Reads the exclusions of [sweep]: `exclude = ["gamma > 1 && learning_rate > 1e-3"]`, or tables of
/// values as [[sweep.exclude]]. Throws Error with the place.
void read_exclusions(const toml::table& sweep_table, const std::string& file, Sweep& sweep);

}  // namespace epochal
