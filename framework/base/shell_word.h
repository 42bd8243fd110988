#pragma once

#include <string>

namespace epochal {

/// A word as a shell takes it: quoted where it must be.
std::string shell_quoted(const std::string& word);

}  // namespace epochal
