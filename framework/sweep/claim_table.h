#pragma once

#include <toml++/toml.h>

#include <string>

#include "framework/sweep/claim.h"

namespace epochal {

/// Reads one [[claim]]. Throws Error with file:line:column for an unknown kind, an unknown or
/// missing key, and numbers out of range.
Claim read_claim(const toml::table& table, const std::string& file);

}  // namespace epochal
