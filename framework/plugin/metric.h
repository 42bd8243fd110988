#pragma once

#include <optional>
#include <string>
#include <vector>

namespace epochal {

/// Which values of a number are better.
enum class Better { lower, higher };

/// One declared metric. Whatever is said of a metric follows from this: which epoch is the best,
/// which run won, what a rule of [stop] waits for. Of a metric that is not declared, or has no
/// direction, nothing is called best.
struct MetricSpec {
  std::string name;              ///< as in Metrics: "val.total"
  std::optional<Better> better;  ///< none: it has no direction, such as a norm or a temperature
  std::string doc;               ///< one line
  std::string unit;              ///< empty where it has none
};

}  // namespace epochal
