#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace epochal {

/// One value of a parameter. Paths are strings.
using ParameterValue = std::variant<bool, std::int64_t, double, std::string>;

/// The value as a user would type it: 0.0005, true, generated:scenes.
std::string to_text(const ParameterValue& value);

/// Its type in words: "an integer".
std::string_view type_of(const ParameterValue& value);

/// Resolved parameter values of one run, by name.
class Parameters {
 public:
  void set(std::string name, ParameterValue value);

  /// Asking for a missing name or for another type is a programming error (std::logic_error): the
  /// schema has checked both before.
  bool boolean(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  const std::string& text(std::string_view name) const;

  const ParameterValue* find(std::string_view name) const;
  const std::map<std::string, ParameterValue, std::less<>>& all() const { return values_; }

  bool operator==(const Parameters&) const = default;

 private:
  const ParameterValue& at(std::string_view name) const;

  std::map<std::string, ParameterValue, std::less<>> values_;
};

/// The text of a value; empty where there is no such parameter.
std::string to_text(const Parameters& parameters, std::string_view name);

}  // namespace epochal
