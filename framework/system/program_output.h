#pragma once

#include <string>
#include <vector>

namespace epochal {

/// Runs a program, found in PATH, and returns its standard output (at most a mebibyte), without
/// warnings on standard error. Uses no shell. Throws Error with all its output if it cannot be
/// started or fails.
std::string output_of(const std::vector<std::string>& command);

}  // namespace epochal
