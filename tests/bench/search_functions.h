#pragma once

#include <string>
#include <vector>

#include "framework/search/search_space.h"

namespace epochal::bench {

/// A public test function of optimisation: less is better.
struct SearchFunction {
  std::string name;
  search::SearchSpace space;
  double (*value)(const search::Point&);
  double minimum;
};

const std::vector<SearchFunction>& search_functions();

}  // namespace epochal::bench
