#pragma once

// The filter language: turns a text into a tree of conditions. Does not use a store.

#include <string>
#include <string_view>
#include <vector>

#include "framework/base/error.h"

namespace epochal::store {

/// The field of a condition: `metrics.val.total`, `params.gamma`, `tags.best`, `run.status`, or
/// only `val.total`, `gamma`, `best`, `status`.
struct FilterField {
  /// `any`: the store decides (see resolved_field).
  enum class Namespace { metrics, params, tags, run, any };

  Namespace name_space = Namespace::any;
  std::string name;        ///< after the namespace and the dot, or the whole name if there is none
  std::size_t column = 1;  ///< of its first character in the filter
};

/// The value that a field is compared with.
struct FilterValue {
  enum class Kind { number, duration, text, boolean };

  Kind kind = Kind::number;
  double number = 0;  ///< of a number, or the seconds of a duration; 0 or 1 of a boolean
  std::string text;
  std::size_t column = 1;
};

enum class FilterOperator {
  equal,
  not_equal,
  less,
  at_most,
  greater,
  at_least,
  like,   ///< with % and _, and the case as written
  ilike,  ///< the same, ignoring case
  in,
  is_absent,  ///< written IS NULL
};

/// A comparison, or several joined conditions.
struct FilterCondition {
  enum class Kind { comparison, all_of, any_of, none_of };

  Kind kind = Kind::comparison;
  std::vector<FilterCondition> parts;  ///< empty for a comparison
  FilterField field;
  FilterOperator comparator = FilterOperator::equal;
  std::vector<FilterValue> values;
};

/// Reads a filter such as `metrics.val.total < 2 and params.batch_size in (20, 32)`. Throws Error
/// with the column for a wrong filter, for conditions nested more than 12 deep, more than 200
/// comparisons or 100 values of an IN, and for more than 8 KiB.
FilterCondition parse_filter(std::string_view text);

/// Reads one field, as for sorting. Throws Error.
FilterField parse_field(std::string_view text);

/// "params.`batch size`": a field's name, quoted for filters, sorts and columns.
std::string quoted_field(std::string_view name_space, std::string_view name);

/// The error of a filter at a column (counted from 1, in characters).
Error filter_error(std::size_t column, const std::string& what, const std::string& hint = {});

}  // namespace epochal::store
