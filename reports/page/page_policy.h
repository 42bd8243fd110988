#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace epochal::report {

/// A Content-Security-Policy that allows only what the page contains: embedded pictures and sound,
/// its styles, and these scripts, each by the hash of its text.
std::string page_policy(const std::vector<std::string_view>& scripts);

}  // namespace epochal::report
