#pragma once

#include <string>
#include <vector>

namespace epochal {

/// Runs a program, found in PATH, to its end and returns what it printed on its standard output (at
/// most a mebibyte of it): warnings are no part of an answer. No shell is involved. Throws Error
/// with all that it printed if it cannot be started or fails.
std::string output_of(const std::vector<std::string>& command);

}  // namespace epochal
