#pragma once

#include <string>

#include "framework/base/quantities.h"

namespace epochal {

/// "2h", "1h30m", "90 min", "45s", "1.5d". Throws Error with `option` for anything else, and for 0
/// or more than 30 years: the duration is added to a clock's nanoseconds.
Seconds parse_duration(const std::string& text, const std::string& option);

}  // namespace epochal
