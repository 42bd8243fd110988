#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/parameters.h"

namespace epochal {

/// One parameter that an adaptive search chooses.
struct SearchedParameter {
  enum class Kind { uniform, log_uniform, int_uniform, choice };

  /// The parameter takes part only where another one has one of these values.
  struct When {
    std::string parent;  ///< a choice of the same search
    std::vector<ParameterValue> values;
  };

  std::string name;
  Kind kind = Kind::uniform;
  double low = 0;  ///< of a number, both ends included
  double high = 1;
  std::vector<ParameterValue> choices;
  std::optional<When> when;
  std::string where;             ///< "tune.toml:7:1"
  std::filesystem::path folder;  ///< that relative paths start from
};

/// An adaptive search: the [sweep.search] table of a sweep.
struct SearchRequest {
  /// Which value of its metric a run is judged by.
  enum class Value { last, best };

  int trials = 100;
  std::uint64_t seed = 0;
  int startup = 10;    ///< trials that must have ended before the search learns from them
  std::string metric;  ///< empty: the experiment's objective
  bool lower_is_better = true;
  bool has_mode = false;  ///< whether the sweep sets `mode`
  Value value = Value::last;
  std::vector<SearchedParameter> parameters;  ///< after settle(), one follows what it depends on
  std::string where;

  const SearchedParameter* find(std::string_view name) const;
};

}  // namespace epochal
