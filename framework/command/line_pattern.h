#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "framework/base/quantities.h"

namespace re2 {
class RE2;
}

namespace epochal {

/// A regular expression that finds a metric's value in a line of output. It uses RE2, whose time is
/// linear in the line: patterns and logs may come from a stranger.
class LinePattern {
 public:
  /// Throws Error for a text that is not a regular expression or has no group named `value`.
  explicit LinePattern(const std::string& pattern);
  ~LinePattern();
  LinePattern(LinePattern&&) noexcept;
  LinePattern& operator=(LinePattern&&) noexcept;

  struct Found {
    std::optional<double> value;        ///< none if it is not a number
    std::string text;                   ///< of the value
    std::optional<std::int64_t> epoch;  ///< in the program's numbering
  };
  /// The first match; none if nothing matches. Throws NoMessage if the group `epoch` is not a
  /// number.
  std::optional<Found> find(std::string_view line) const;

  /// Whether it has a group `epoch`.
  bool says_epoch() const { return epoch_ != 0; }

 private:
  std::unique_ptr<re2::RE2> expression_;
  int value_ = 0;  ///< number of the group
  int epoch_ = 0;  ///< 0: there is none
};

/// A number as programs print it: "0.25", "1e-3", "nan", "-inf", "95.2%". None for anything else.
std::optional<double> printed_number(std::string_view text);

/// A line of output without the escape sequences for colours.
std::string without_escapes(std::string_view line);

}  // namespace epochal
