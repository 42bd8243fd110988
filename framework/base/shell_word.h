#pragma once

#include <string>

namespace epochal {

/// A word for a shell, quoted if necessary.
std::string shell_quoted(const std::string& word);

}  // namespace epochal
