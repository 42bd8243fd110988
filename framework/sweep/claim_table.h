#pragma once

#include <toml++/toml.h>

#include <string>

#include "framework/sweep/claim.h"

namespace epochal {

/// Reads one [[claim]]. Throws Error with file:line:column for a kind that is not known, a key
/// that the kind does not have, one that it needs and lacks, and numbers out of range.
Claim read_claim(const toml::table& table, const std::string& file);

}  // namespace epochal
