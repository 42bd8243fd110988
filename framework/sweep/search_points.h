#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/search/tree_parzen_search.h"
#include "framework/sweep/sweep.h"

namespace epochal {

/// What a search knows of a point that it has asked for.
struct PastTrial {
  std::string point;  ///< as AskedPoint has it
  search::Trial::State state = search::Trial::State::running;
  double value = 0;            ///< of the metric as measured
  std::int64_t last_step = 0;  ///< of a pruned one: the epoch of the value
};

/// A point to look at next.
struct AskedPoint {
  std::string point;  ///< the parameters that take part, as a JSON object
  bool is_model =
      false;  ///< whether the search has learned from trials; else it is a startup point
};

/// Where a search looks next; see search::next_point(). `history` holds the trials that it learns
/// from, in their order: those that failed are left out. Values are as [sweep.random] rounds them.
AskedPoint next_point(const SearchRequest& search, const std::vector<PastTrial>& history,
                      bool lower_is_better, std::uint64_t number);

/// The parameters of a point, as a sweep file would set them. Throws Error for a text that
/// next_point() did not make for this search.
std::vector<Assignment> assignments_at(const SearchRequest& search, const std::string& point);

/// The distribution of a parameter and its condition, as a sweep file has them.
std::string to_text(const SearchedParameter& parameter);

}  // namespace epochal
