// muParser, with its errors as Error.

#include "framework/sweep/formula.h"

#include <fmt/format.h>
#include <muParser.h>

#include <cmath>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"

namespace epochal {
namespace {

constexpr std::size_t kLongest = 500;

mu::Parser parser_of(const std::string& text) {
  mu::Parser parser;
  parser.DefineFun(
      "floor", +[](double value) { return std::floor(value); });
  parser.DefineFun(
      "ceil", +[](double value) { return std::ceil(value); });
  parser.DefineInfixOprt(
      "!", +[](double value) { return value == 0 ? 1.0 : 0.0; });
  parser.SetExpr(text);
  return parser;
}

/// Without this check, muParser would use the last of several values.
bool has_outer_comma(const std::string& text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth <= 0) return true;
  }
  return false;
}

Error broken(const std::string& text, const mu::Parser::exception_type& error,
             const std::string& where) {
  return Error(fmt::format("'{}' is not a formula: {}", text.substr(0, 80), error.GetMsg()), where,
               "write one such as \"min(44, dataset_size / 5)\"");
}

double number_of(const Parameters& parameters, const std::string& name, const Formula& formula) {
  const ParameterValue* value = parameters.find(name);
  if (value == nullptr) {
    std::vector<std::string> known;
    for (const auto& [other, unused] : parameters.all()) known.push_back(other);
    known.emplace_back(kSeedName);
    throw Error(fmt::format("the formula '{}' reads '{}', which is not a parameter",
                            formula.text().substr(0, 80), name.substr(0, 80)),
                formula.where(), name_hint(name, known));
  }
  if (const auto* flag = std::get_if<bool>(value)) return *flag ? 1 : 0;
  if (const auto* whole = std::get_if<std::int64_t>(value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(value)) return *real;
  throw Error(fmt::format("the formula '{}' reads '{}', which is a text",
                          formula.text().substr(0, 80), name),
              formula.where(), "use parameters that are numbers");
}

}  // namespace

Formula::Formula(std::string text, std::string where)
    : text_(std::move(text)), where_(std::move(where)) {
  if (text_.size() > kLongest) {
    throw Error(fmt::format("a formula may have at most {} bytes", kLongest), where_);
  }
  if (has_outer_comma(text_)) {
    throw Error(fmt::format("'{}' has a comma outside of the parentheses of a function",
                            text_.substr(0, 80)),
                where_, "write several values as a list, [0.1, 0.2], and a decimal as 0.5");
  }
  try {
    mu::Parser parser = parser_of(text_);
    for (const auto& [name, unused] : parser.GetUsedVar()) names_.insert(name);
    for (const std::string& name : names_) parser.DefineConst(name, 1);
    parser.Eval();
  } catch (const mu::Parser::exception_type& error) {
    throw broken(text_, error, where_);
  }
}

double Formula::value(const Parameters& parameters, std::uint64_t seed) const {
  double value = 0;
  try {
    mu::Parser parser = parser_of(text_);
    // Constants, so that a formula cannot assign.
    for (const std::string& name : names_) {
      const bool is_seed = name == kSeedName && parameters.find(name) == nullptr;
      parser.DefineConst(name,
                         is_seed ? static_cast<double>(seed) : number_of(parameters, name, *this));
    }
    value = parser.Eval();
  } catch (const mu::Parser::exception_type& error) {
    throw broken(text_, error, where_);
  }
  if (!std::isfinite(value)) {
    throw Error(fmt::format("the formula '{}' gives {}", text_.substr(0, 80), value), where_,
                "check that it does not divide by 0");
  }
  return value;
}

}  // namespace epochal
