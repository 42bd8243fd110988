#pragma once

// Values and conditions that a sweep computes from its parameters. Private to framework/sweep.

#include <set>
#include <string>

#include "framework/plugin/parameter.h"

namespace epochal {

/// An arithmetic expression over parameters, read by muParser: + - * / ^, comparisons, && || !,
/// `a ? b : c`, min, max, floor, ceil, rint, sqrt, exp, ln, log2, log10, abs. It can compute and
/// nothing else.
class Formula {
 public:
  /// Throws Error, naming `where`, for what is no formula.
  Formula(std::string text, std::string where);

  const std::string& text() const { return text_; }
  const std::string& where() const { return where_; }

  /// The parameters that it reads.
  const std::set<std::string>& names() const { return names_; }

  /// Its value for these parameters; a boolean counts as 0 or 1. Throws Error for a parameter that
  /// is a text or not there, and for a result that is not finite.
  double value(const Parameters& parameters) const;

 private:
  std::string text_;
  std::string where_;
  std::set<std::string> names_;
};

}  // namespace epochal
