#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace epochal {

/// A field of runs, which lists show and filters and sorts use: `seed`, or `run.seed` in a filter.
struct RunField {
  enum class Type { text, number, duration, time, metric };

  std::string_view name;
  Type type;
  std::string_view meaning;  ///< for the user, in a few words
  /// SQL over a row of `run`, or, where there is a `relation`, over a row of its tables.
  std::string expression;
  /// The tables of a field that a run may have several of, behind "from". It ends so that a
  /// condition can follow.
  std::string_view relation = {};
  std::string_view last = {};  ///< the condition for the last one of `run`, which lists show
  /// What runs are sorted by, where it is not the value itself.
  std::string order = {};

  /// SQL over a row of `run` for the one value that lists show.
  std::string value() const;
};

/// Every field of runs. This table is all that makes one: add a row, and `ls`, filters, sorts and
/// their help know it.
const std::vector<RunField>& run_fields();

/// The field of this name; null if there is none.
const RunField* find_run_field(std::string_view name);

std::vector<std::string> run_field_names();

}  // namespace epochal
