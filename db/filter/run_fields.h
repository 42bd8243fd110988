#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace epochal::store {

/// A field of runs for lists, filters and sorts: `seed`, or `run.seed` in a filter.
struct RunField {
  enum class Type { text, number, duration, time, metric };

  std::string_view name;
  Type type;
  std::string_view meaning;  ///< for the user, in a few words
  /// SQL over a row of `run`, or over a row of the tables of `relation` if that is set.
  std::string expression;
  /// The tables of a field of which a run may have several values: the SQL after "from". A
  /// condition can follow it.
  std::string_view relation = {};
  std::string_view last = {};  ///< the condition for the last value of `run`, which lists show
  /// The SQL to sort by, if not the value itself.
  std::string order = {};

  /// SQL over a row of `run` for the value that lists show.
  std::string value() const;
};

/// Every field of runs. To add a field, add a row: `ls`, filters, sorts and their help use this
/// table.
const std::vector<RunField>& run_fields();

/// The field of this name; null if there is none.
const RunField* find_run_field(std::string_view name);

std::vector<std::string> run_field_names();

}  // namespace epochal::store
