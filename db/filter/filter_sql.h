#pragma once

// Comparisons of filters as SQL. Private to run_selection.

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "db/filter/filter_syntax.h"
#include "db/records.h"

namespace epochal::store {

using Bound = std::variant<std::int64_t, double, std::string>;

/// SQL with a '?' for each of its values.
struct Sql {
  std::string text;
  std::vector<Bound> values;

  Sql& add(std::string_view more) {
    text += more;
    return *this;
  }
  Sql& add(const Sql& more) {
    text += more.text;
    values.insert(values.end(), more.values.begin(), more.values.end());
    return *this;
  }
  Sql& bind(Bound value) {
    text += '?';
    values.push_back(std::move(value));
    return *this;
  }
};

Sql sql(std::string_view text);
Sql negated(const Sql& condition);

/// " < ", " >= ", …; " = " for IN, whose values are compared one by one.
std::string_view symbol_of(FilterOperator comparator);

bool is_pattern(FilterOperator comparator);

/// Throws Error for LIKE and ILIKE, which do not work for numbers.
void refuse_patterns(const FilterCondition& condition);

/// Joins what `each` makes of all parts, such as the values of IN, with a word such as " or ".
template <typename Part, typename Each>
Sql joined(const std::vector<Part>& parts, std::string_view word, const Each& each) {
  Sql result = sql("(");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    result.add(i == 0 ? "" : word).add(each(parts[i]));
  }
  return result.add(")");
}

/// A comparison of an expression that is a text or NULL. Throws Error for values that are not
/// texts.
Sql text_condition(const FilterCondition& condition, std::string_view expression);

/// The meaning of NULL: a metric that is NaN, which differs from every number, or a missing value,
/// for which every comparison is false.
enum class WhereNull { nan, missing };

/// A comparison of an expression that is a number or NULL. `number_of` reads a value.
Sql number_condition(const FilterCondition& condition, std::string_view expression,
                     WhereNull where_null,
                     const std::function<double(const FilterValue&)>& number_of);

/// A number without a unit. Throws Error for anything else.
double plain_number(const FilterCondition& condition, const FilterValue& value);

/// A moment: a text such as "2026-05-04 12:30" in UTC, or a length of time before `at`, such as
/// -7d. Throws Error for anything else.
double time_value(const FilterValue& value, Timestamp at);

}  // namespace epochal::store
