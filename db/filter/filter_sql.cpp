// The comparisons of a filter: a field, an operator, and its values.

#include "db/filter/filter_sql.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <sstream>

namespace epochal::store {
namespace {

using Operator = FilterOperator;

/// SQLite's LIKE ignores case. GLOB does not, and uses * and ? instead of % and _.
std::string as_glob(const std::string& pattern) {
  std::string glob;
  for (const char c : pattern) {
    if (c == '%') {
      glob += '*';
    } else if (c == '_') {
      glob += '?';
    } else if (c == '*' || c == '?' || c == '[') {
      glob += std::string("[") + c + "]";
    } else {
      glob += c;
    }
  }
  return glob;
}

/// "2026-05-04", "2026-05-04 12:30" or "2026-05-04T12:30:59", in UTC.
std::optional<Timestamp> time_in(const std::string& text) {
  using namespace std::chrono;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  double second = 0;
  char a = 0;
  char b = 0;
  std::istringstream in(text);
  if (!(in >> year >> a >> month >> b >> day) || a != '-' || b != '-') return std::nullopt;
  const year_month_day date{std::chrono::year(year), std::chrono::month(month),
                            std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  if (in.peek() == 'T' || in.peek() == ' ') {
    in.get();
    if (!(in >> hour >> a >> minute) || a != ':' || hour > 23 || minute > 59) return std::nullopt;
    if (in.peek() == ':') {
      in.get();
      if (!(in >> second) || second < 0 || second >= 61) return std::nullopt;
    }
  }
  in >> std::ws;
  if (!in.eof()) return std::nullopt;
  const auto midnight = sys_days(date).time_since_epoch();
  return duration<double>(midnight).count() + hour * 3600.0 + minute * 60.0 + second;
}

}  // namespace

Sql sql(std::string_view text) {
  return Sql{std::string(text), {}};
}

Sql negated(const Sql& condition) {
  return sql("not (").add(condition).add(")");
}

std::string_view symbol_of(Operator comparator) {
  switch (comparator) {
    case Operator::less:
      return " < ";
    case Operator::at_most:
      return " <= ";
    case Operator::greater:
      return " > ";
    case Operator::at_least:
      return " >= ";
    case Operator::not_equal:
      return " <> ";
    default:
      return " = ";
  }
}

bool is_pattern(Operator comparator) {
  return comparator == Operator::like || comparator == Operator::ilike;
}

Sql text_condition(const FilterCondition& condition, std::string_view expression) {
  if (condition.comparator == Operator::is_absent) return sql(expression).add(" is null");
  return joined(condition.values, " or ", [&](const FilterValue& value) {
    if (value.kind != FilterValue::Kind::text) {
      throw filter_error(value.column, fmt::format("'{}' is a text", condition.field.name),
                         "compare it with a text in quotes");
    }
    Sql result = sql(expression);
    if (condition.comparator == Operator::like)
      return result.add(" glob ").bind(as_glob(value.text));
    if (condition.comparator == Operator::ilike) return result.add(" like ").bind(value.text);
    return result.add(symbol_of(condition.comparator)).bind(value.text);
  });
}

void refuse_patterns(const FilterCondition& condition) {
  if (!is_pattern(condition.comparator)) return;
  throw filter_error(condition.field.column,
                     fmt::format("'{}' is a number, which LIKE cannot compare",
                                 condition.field.name.substr(0, 80)));
}

Sql number_condition(const FilterCondition& condition, std::string_view expression,
                     WhereNull where_null,
                     const std::function<double(const FilterValue&)>& number_of) {
  refuse_patterns(condition);
  return joined(condition.values, " or ", [&](const FilterValue& value) {
    const double number = number_of(value);
    const bool is_negative = condition.comparator == Operator::not_equal;
    if (std::isnan(number)) {
      const bool is_equality = condition.comparator == Operator::equal ||
                               condition.comparator == Operator::in || is_negative;
      if (where_null == WhereNull::missing) {
        throw filter_error(value.column,
                           fmt::format("'{}' is never NaN", condition.field.name.substr(0, 80)),
                           "write `is null` for missing values");
      }
      if (!is_equality) throw filter_error(value.column, "NaN is neither larger nor smaller");
      return sql(expression).add(is_negative ? " is not null" : " is null");
    }
    if (is_negative && where_null == WhereNull::nan) {
      return sql(expression).add(" is not ").bind(number);
    }
    return sql(expression).add(symbol_of(condition.comparator)).bind(number);
  });
}

double plain_number(const FilterCondition& condition, const FilterValue& value) {
  if (value.kind == FilterValue::Kind::number) return value.number;
  const bool is_duration = value.kind == FilterValue::Kind::duration;
  throw filter_error(value.column,
                     is_duration ? fmt::format("'{}' is not a time", condition.field.name)
                                 : fmt::format("'{}' is a number", condition.field.name),
                     is_duration ? "leave the unit out" : "compare it with a number");
}

double time_value(const FilterValue& value, Timestamp at) {
  if (value.kind == FilterValue::Kind::duration && value.number <= 0) return at + value.number;
  if (value.kind == FilterValue::Kind::text) {
    if (const auto time = time_in(value.text)) return *time;
  }
  throw filter_error(value.column, "a time is expected",
                     "such as '2026-05-04', '2026-05-04 12:30' (UTC), or -7d for a week ago");
}

}  // namespace epochal::store
