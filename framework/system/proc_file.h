#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// The value of the first line "key<separator>value" of a file such as /proc/meminfo, without
/// surrounding blanks and quotes; empty if there is none.
std::string value_in(const std::string& file, std::string_view key, char separator);

}  // namespace epochal
