#pragma once

#include <string>
#include <vector>

namespace epochal::report {

/// The common folder of all absolute paths among the texts, with its last slash, which can be left
/// out in a list. Empty without a path.
std::string common_folder(const std::vector<std::string>& texts);

/// A text without the folder, if it begins with it.
std::string without_folder(const std::string& text, const std::string& folder);

}  // namespace epochal::report
