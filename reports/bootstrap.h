#pragma once

#include <functional>
#include <vector>

namespace epochal {

/// From `low` to `high`, both included.
struct Interval {
  double low = 0;
  double high = 0;
};

/// 95 % percentile bootstrap interval (Efron & Tibshirani 1993, ch. 13) of a number that is made of
/// the means of groups of seeds: each group is drawn from again, with replacement. The draws are
/// the same every time. Groups must not be empty; of single values it is that number alone, which
/// says nothing of its spread.
Interval bootstrap(const std::vector<std::vector<double>>& groups,
                   const std::function<double(const std::vector<double>& means)>& number);

}  // namespace epochal
