#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace epochal {

/// A Content-Security-Policy that allows a page what it holds, and nothing else: pictures and sound
/// within the page, its styles, and these scripts, each by the hash of all its text.
std::string page_policy(const std::vector<std::string_view>& scripts);

}  // namespace epochal
