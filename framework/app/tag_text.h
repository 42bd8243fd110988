#pragma once

#include <cstddef>
#include <string>

namespace epochal::app {

constexpr std::size_t kLongestTagName = 80;
constexpr std::size_t kLongestTagValue = 1000;

/// Throws Error unless the name has 1 to 80 letters, digits, '_', '-', '.' and '/'.
void check_tag_name(const std::string& name);

}  // namespace epochal::app
