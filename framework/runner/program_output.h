#pragma once

#include <string>
#include <vector>

namespace epochal {

/// Runs a program, found in PATH, to its end and returns what it printed (at most a mebibyte of
/// it). No shell is involved. Throws Error with that text if it cannot be started or fails.
std::string output_of(const std::vector<std::string>& command);

}  // namespace epochal
