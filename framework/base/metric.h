#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace epochal {

/// Which values of a number are better.
enum class Better { lower, higher };

/// "lower" or "higher".
std::string_view name_of(Better better);

/// One declared metric. It decides which epoch and which run are the best, and what a rule of
/// [stop] waits for. A metric that is not declared or has no direction has no best value.
struct MetricSpec {
  std::string name;              ///< as in Metrics: "val.total"
  std::optional<Better> better;  ///< none: it has no direction, such as a norm or a temperature
  std::string doc;               ///< one line
  std::string unit;              ///< empty if it has none
  /// Parameters that are part of the objective (ParameterSpec::is_part_of_objective) but do not
  /// change what this metric means, as the weight of a term does not change the term itself.
  std::vector<std::string> independent_of = {};
};

}  // namespace epochal
