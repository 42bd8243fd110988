#pragma once

#include <SQLiteCpp/Statement.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace epochal::store {

/// A value of a statement with the name that the SQL has for it: {":run", 3}. NULL for an empty
/// optional. A text must live until it is bound.
struct NamedValue {
  template <typename Value>
  NamedValue(const char* its_name, const Value& its_value)
      : name(its_name), value(plain(its_value)) {}

  using Plain = std::variant<std::nullptr_t, std::int64_t, double, std::string_view>;

  static Plain plain(std::integral auto whole) { return static_cast<std::int64_t>(whole); }
  static Plain plain(double real) { return real; }
  static Plain plain(std::string_view text) { return text; }
  template <typename Value>
  static Plain plain(const std::optional<Value>& known) {
    return known ? plain(*known) : nullptr;
  }

  const char* name;
  Plain value;
};

using NamedValues = std::initializer_list<NamedValue>;

/// NULL for an empty text.
std::optional<std::string_view> text_or_null(std::string_view text);

void bind_values(SQLite::Statement& statement, NamedValues values);

/// Runs a statement with these values and resets it. Returns how many rows changed.
int execute(SQLite::Statement& statement, NamedValues values);

}  // namespace epochal::store
