#pragma once

#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace epochal {

/// The value of the first line "key<separator>value" of a file such as /proc/meminfo, without
/// surrounding blanks and quotes; empty if there is none.
std::string value_in(const std::string& file, std::string_view key, char separator);

/// The value of a line "key: 1024 kB" in bytes; none if there is none.
std::optional<std::int64_t> bytes_in(const std::string& file, std::string_view key);

/// The fields of /proc/PROCESS/stat from the third on, which is the state; empty if there are none.
std::istringstream stat_fields(const std::string& process);

}  // namespace epochal
