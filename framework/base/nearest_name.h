#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace epochal {

/// The candidate that a mistyped `name` most likely meant, by edit distance (insert, delete,
/// replace, swap of neighbours); none if no name is close enough.
std::optional<std::string> nearest_name(std::string_view name,
                                        std::span<const std::string> candidates);

/// A hint for an error: "did you mean 'x'?", or else the known names, at most ten of them.
std::string name_hint(std::string_view name, std::span<const std::string> candidates);

}  // namespace epochal
