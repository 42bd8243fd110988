#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace epochal::app {

/// The parameters of a request to `epochal ui`. The request may be hostile.
class RequestParameters {
 public:
  /// Decoded values by name. If a name is given several times, the first value counts.
  explicit RequestParameters(const std::multimap<std::string, std::string>& all);

  /// Empty if it is missing. Throws Error if it is too long.
  std::string text(const std::string& name) const;

  /// Throws Error unless it is a whole number from `low` to `high`.
  std::int64_t whole(const std::string& name, std::int64_t fallback, std::int64_t low,
                     std::int64_t high) const;

  /// None if it is missing. Throws Error unless it is a finite number.
  std::optional<double> number(const std::string& name) const;

  /// The parts between commas; a comma in backquotes belongs to a name. Throws Error for more than
  /// `most`.
  std::vector<std::string> list(const std::string& name, std::size_t most) const;

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace epochal::app
