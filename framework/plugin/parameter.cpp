// Declared parameters: their types, their checks and the values of one run.

#include "framework/plugin/parameter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/base/whole_number.h"

namespace epochal {
namespace {

constexpr std::size_t kLongestText = 4096;

// In the order of ParameterType.
constexpr std::array<std::string_view, 5> kTypeWords{"boolean", "integer", "real", "text", "path"};
constexpr std::array<std::string_view, 5> kTypesWithArticle{
    "a boolean (true or false)", "an integer", "a real number", "a text", "a path"};

ParameterSpec declared(std::string name, ParameterType type, ParameterValue fallback,
                       std::string doc) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.fallback = std::move(fallback);
  spec.doc = std::move(doc);
  return spec;
}

/// A copy of the declaration with another value of one member.
template <typename Member, typename Value>
ParameterSpec changed(const ParameterSpec& spec, Member ParameterSpec::*member, Value value) {
  ParameterSpec copy = spec;
  copy.*member = std::move(value);
  return copy;
}

bool has_type(const ParameterValue& value, ParameterType type) {
  const ParameterType of_value = type == ParameterType::path ? ParameterType::text : type;
  return value.index() == static_cast<std::size_t>(of_value);
}

std::string in_quotes(const ParameterValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    const bool is_long = text->size() > 80;
    return fmt::format("\"{}{}\"", text->substr(0, 80), is_long ? "…" : "");
  }
  return to_text(value);
}

void check_range(const ParameterSpec& spec, double value, const std::string& where) {
  if (!std::isfinite(value)) {
    throw Error(fmt::format("{} is {}, which is not a finite number", spec.name, value), where);
  }
  const bool below = spec.min && value < *spec.min;
  const bool above = spec.max && value > *spec.max;
  if (!below && !above) return;
  throw Error(fmt::format("{} = {} is out of range", spec.name, value), where,
              fmt::format("choose a value from {} to {}", spec.min.value_or(-INFINITY),
                          spec.max.value_or(INFINITY)));
}

void check_text(const ParameterSpec& spec, const std::string& value, const std::string& where) {
  if (value.size() > kLongestText) {
    throw Error(fmt::format("{} is longer than {} bytes", spec.name, kLongestText), where);
  }
  if (value.find('\0') != std::string::npos) {
    throw Error(fmt::format("{} contains a zero byte", spec.name), where);
  }
  if (spec.type != ParameterType::text || spec.choices.empty()) return;
  if (std::find(spec.choices.begin(), spec.choices.end(), value) != spec.choices.end()) return;
  throw Error(fmt::format("{} = {} is not one of its choices", spec.name, in_quotes(value)), where,
              name_hint(value, spec.choices));
}

}  // namespace

std::string_view name_of(ParameterType type) {
  return kTypeWords.at(static_cast<std::size_t>(type));
}

ParameterSpec ParameterSpec::between(double low, double high) const {
  return changed(changed(*this, &ParameterSpec::min, low), &ParameterSpec::max, high);
}

ParameterSpec ParameterSpec::one_of(std::vector<std::string> names) const {
  return changed(*this, &ParameterSpec::choices, std::move(names));
}

ParameterSpec ParameterSpec::in(std::string unit_name) const {
  return changed(*this, &ParameterSpec::unit, std::move(unit_name));
}

ParameterSpec ParameterSpec::as(ParameterRole new_role) const {
  return changed(*this, &ParameterSpec::role, new_role);
}

ParameterSpec ParameterSpec::or_auto() const {
  return changed(*this, &ParameterSpec::has_auto, true);
}

ParameterSpec ParameterSpec::part_of_objective() const {
  return changed(*this, &ParameterSpec::is_part_of_objective, true);
}

ParameterSpec ParameterSpec::added_later() const {
  return changed(*this, &ParameterSpec::was_added_later, true);
}

ParameterSpec ParameterSpec::or_joined() const {
  return changed(*this, &ParameterSpec::may_join, true);
}

std::string ParameterSpec::text_of(const ParameterValue& value) const {
  const bool is_auto = has_auto && value == ParameterValue(std::int64_t{0});
  return is_auto ? "auto" : to_text(value);
}

ParameterSpec boolean_parameter(std::string name, bool fallback, std::string doc) {
  return declared(std::move(name), ParameterType::boolean, fallback, std::move(doc));
}

ParameterSpec integer_parameter(std::string name, std::int64_t fallback, std::string doc) {
  return declared(std::move(name), ParameterType::integer, fallback, std::move(doc));
}

ParameterSpec real_parameter(std::string name, double fallback, std::string doc) {
  return declared(std::move(name), ParameterType::real, fallback, std::move(doc));
}

ParameterSpec text_parameter(std::string name, std::string fallback, std::string doc) {
  return declared(std::move(name), ParameterType::text, std::move(fallback), std::move(doc));
}

ParameterSpec path_parameter(std::string name, std::string fallback, std::string doc) {
  return declared(std::move(name), ParameterType::path, std::move(fallback), std::move(doc))
      .as(ParameterRole::location);
}

std::vector<std::string> joined_paths(std::string_view value, const std::filesystem::path& folder) {
  constexpr std::string_view kBetween = " + ";
  constexpr int kMostInOneName = 8;
  std::vector<std::string> paths;
  for (;;) {
    std::size_t end = value.find(kBetween);
    std::size_t longer = end;
    for (int i = 0; i < kMostInOneName && longer != std::string_view::npos; ++i) {
      longer = value.find(kBetween, longer + kBetween.size());
      std::error_code error;
      if (std::filesystem::exists(folder / value.substr(0, longer), error)) end = longer;
    }
    paths.emplace_back(value.substr(0, end));
    if (end == std::string_view::npos) return paths;
    value.remove_prefix(end + kBetween.size());
  }
}

std::string with_home(const std::string& path) {
  if (path != "~" && !path.starts_with("~/")) return path;
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    throw Error("there is no home folder to replace ~", path, "set HOME, or name the folder");
  }
  return home + path.substr(1);
}

Schema::Schema(std::vector<ParameterSpec> specs) : specs_(std::move(specs)) {
  for (const ParameterSpec& spec : specs_) {
    if (find(spec.name) != &spec) {
      throw std::logic_error(fmt::format("parameter '{}' is declared twice", spec.name));
    }
    try {
      checked(spec.name, spec.fallback, "default");
    } catch (const Error& error) {
      throw std::logic_error(error.what());
    }
  }
}

const ParameterSpec* Schema::find(std::string_view name) const {
  const auto found = std::ranges::find(specs_, name, &ParameterSpec::name);
  return found == specs_.end() ? nullptr : &*found;
}

std::vector<std::string> Schema::names() const {
  std::vector<std::string> names;
  names.reserve(specs_.size());
  for (const ParameterSpec& spec : specs_) names.push_back(spec.name);
  return names;
}

Parameters Schema::defaults() const {
  Parameters parameters;
  for (const ParameterSpec& spec : specs_) parameters.set(spec.name, spec.fallback);
  return parameters;
}

ParameterValue Schema::checked(std::string_view name, const ParameterValue& value,
                               const std::string& where) const {
  const ParameterSpec* spec = find(name);
  if (spec == nullptr) {
    throw Error(fmt::format("unknown parameter '{}'", name.substr(0, 80)), where,
                name_hint(name, names()));
  }

  ParameterValue converted = value;
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (spec->type == ParameterType::real && whole != nullptr) {
    converted = static_cast<double>(*whole);
  }
  const auto* real = std::get_if<double>(&value);
  constexpr double kExact = 9007199254740992;  // up to here every whole number is a double
  if (spec->type == ParameterType::integer && real != nullptr && std::trunc(*real) == *real &&
      std::abs(*real) <= kExact) {
    converted = nearest_whole(*real);
  }
  const auto* word = std::get_if<std::string>(&value);
  if (spec->has_auto && word != nullptr && *word == "auto") converted = std::int64_t{0};
  if (!has_type(converted, spec->type)) {
    throw Error(fmt::format("{} must be {}{}, but {} is {}", name,
                            kTypesWithArticle.at(static_cast<std::size_t>(spec->type)),
                            spec->has_auto ? " or \"auto\"" : "", in_quotes(value), type_of(value)),
                where);
  }

  if (const auto* number = std::get_if<double>(&converted)) check_range(*spec, *number, where);
  if (const auto* number = std::get_if<std::int64_t>(&converted)) {
    check_range(*spec, static_cast<double>(*number), where);
  }
  if (const auto* text = std::get_if<std::string>(&converted)) check_text(*spec, *text, where);
  return converted;
}

}  // namespace epochal
