#pragma once

// Reading the [stop] table. Private to framework/sweep.

#include <toml++/toml.h>

#include <string>

#include "framework/sweep/stop_rules.h"

namespace epochal {

/// Throws Error with the place for unknown keys, wrong types, numbers out of range, and a table
/// without a rule.
StopRules read_stop_table(const toml::table& table, const std::string& file);

}  // namespace epochal
