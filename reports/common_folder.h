#pragma once

#include <string>
#include <vector>

namespace epochal {

/// The folder that all absolute paths among the texts lie in, with its last slash: what may be left
/// out where they stand beside each other. Empty without a path.
std::string common_folder(const std::vector<std::string>& texts);

/// A text without the folder, if it lies there.
std::string without_folder(const std::string& text, const std::string& folder);

}  // namespace epochal
