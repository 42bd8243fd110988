#pragma once

#include <string>

#include "framework/base/quantities.h"

namespace epochal {

/// "2h", "1h30m", "90 min", "45s", "1.5d". Throws Error, naming `option`, for anything else, and
/// for what is not more than nothing, or more than 30 years: it is added to a clock's nanoseconds.
Seconds parse_duration(const std::string& text, const std::string& option);

}  // namespace epochal
