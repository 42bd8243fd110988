#pragma once

// Reading the [stop] table. Private to framework/sweep.

#include <toml++/toml.h>

#include <string>

#include "framework/sweep/stop_rules.h"

namespace epochal {

/// Throws Error, naming the place, for unknown keys, wrong types and absurd numbers, and if there
/// is no rule.
StopRules read_stop_table(const toml::table& table, const std::string& file);

}  // namespace epochal
