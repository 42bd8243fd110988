#pragma once

// Formulas and conditions over the parameters of a sweep. Private to framework/sweep.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "framework/plugin/parameter.h"

namespace epochal {

/// What the seed of a run is called in formulas, unless a parameter has this name.
inline constexpr std::string_view kSeedName = "seed";

/// An arithmetic expression over parameters, read by muParser: + - * / ^, comparisons, && || !, `a
/// ? b : c`, min, max, floor, ceil, rint, sqrt, exp, ln, log2, log10, abs. It has no side effects.
class Formula {
 public:
  /// Throws Error with `where` for a text that is not a formula.
  Formula(std::string text, std::string where);

  const std::string& text() const { return text_; }
  const std::string& where() const { return where_; }

  /// The parameters that it reads.
  const std::set<std::string>& names() const { return names_; }

  /// Its value for these parameters and this seed, which is called kSeedName;
  /// a boolean counts as 0 or 1. Throws Error if a parameter is missing or a text, and for a result
  /// that is not finite.
  double value(const Parameters& parameters, std::uint64_t seed) const;

 private:
  std::string text_;
  std::string where_;
  std::set<std::string> names_;
};

}  // namespace epochal
