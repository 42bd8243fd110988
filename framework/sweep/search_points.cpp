// Between the parameters of [sweep.search] and the points of framework/search.

#include "framework/sweep/search_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "framework/base/bounded_json.h"
#include "framework/base/error.h"
#include "framework/base/whole_number.h"
#include "framework/sweep/distribution.h"

namespace epochal {
namespace {

using nlohmann::ordered_json;
using Kind = SearchedParameter::Kind;

std::size_t place_among(const std::vector<ParameterValue>& values, const ParameterValue& value) {
  return static_cast<std::size_t>(std::ranges::find(values, value) - values.begin());
}

search::Dimension dimension_of(const SearchRequest& search, const SearchedParameter& parameter) {
  search::Dimension dimension;
  dimension.name = parameter.name;
  dimension.low = parameter.low;
  dimension.high = parameter.high;
  dimension.is_logarithmic = parameter.kind == Kind::log_uniform;
  if (parameter.kind == Kind::int_uniform) dimension.kind = search::Dimension::Kind::integer;
  if (parameter.kind == Kind::choice) {
    dimension.kind = search::Dimension::Kind::category;
    dimension.choices = parameter.choices.size();
  }
  if (!parameter.when) return dimension;
  const SearchedParameter* parent = search.find(parameter.when->parent);
  search::Condition condition{static_cast<std::size_t>(parent - search.parameters.data()), {}};
  for (const ParameterValue& value : parameter.when->values) {
    condition.choices.push_back(place_among(parent->choices, value));
  }
  dimension.condition = std::move(condition);
  return dimension;
}

search::SearchSpace space_of(const SearchRequest& search) {
  std::vector<search::Dimension> dimensions;
  for (const SearchedParameter& parameter : search.parameters) {
    dimensions.push_back(dimension_of(search, parameter));
  }
  return search::SearchSpace(std::move(dimensions));
}

ParameterValue value_of(const SearchedParameter& parameter, double value) {
  if (parameter.kind == Kind::choice) {
    return parameter.choices[static_cast<std::size_t>(nearest_whole(value))];
  }
  if (parameter.kind == Kind::int_uniform) return nearest_whole(value);
  return std::clamp(with_four_digits(value), parameter.low, parameter.high);
}

std::string json_of(const SearchRequest& search, const search::Point& point) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < search.parameters.size(); ++i) {
    const SearchedParameter& parameter = search.parameters[i];
    if (!point[i]) continue;
    std::visit([&](const auto& value) { json[parameter.name] = value; },
               value_of(parameter, *point[i]));
  }
  return json_text(json);
}

[[noreturn]] void refuse_point(const std::string& what) {
  throw Error(fmt::format("a recorded point of the search is broken: {}", what), {},
              "check the store with `epochal doctor`");
}

/// 1, 1.0 and true are different choices.
bool is_recorded_as(const ParameterValue& choice, const ordered_json& value) {
  if (const auto* flag = std::get_if<bool>(&choice)) return value.is_boolean() && value == *flag;
  if (const auto* whole = std::get_if<std::int64_t>(&choice)) {
    return value.is_number_integer() && value == *whole;
  }
  if (const auto* real = std::get_if<double>(&choice)) {
    return value.is_number_float() && value == *real;
  }
  return value.is_string() && value == std::get<std::string>(choice);
}

ParameterValue choice_in(const SearchedParameter& parameter, const ordered_json& value) {
  for (const ParameterValue& choice : parameter.choices) {
    if (is_recorded_as(choice, value)) return choice;
  }
  refuse_point(parameter.name + " has none of its choices");
}

ParameterValue recorded_value(const SearchedParameter& parameter, const ordered_json& value) {
  if (parameter.kind == Kind::choice) return choice_in(parameter, value);
  if (!value.is_number()) refuse_point(parameter.name + " is not a number");
  const auto number = value.get<double>();
  if (!(number >= parameter.low && number <= parameter.high)) {
    refuse_point(parameter.name + " is outside of its range");
  }
  if (parameter.kind == Kind::int_uniform) return nearest_whole(number);
  return number;
}

ordered_json read_point(const std::string& point) {
  ordered_json json = ordered_json::parse(point, nullptr, false);
  if (!json.is_object()) refuse_point("it is no object");
  return json;
}

search::Point point_of(const SearchRequest& search, const std::string& text) {
  const ordered_json json = read_point(text);
  search::Point point(search.parameters.size());
  for (std::size_t i = 0; i < search.parameters.size(); ++i) {
    const SearchedParameter& parameter = search.parameters[i];
    const auto found = json.find(parameter.name);
    if (found == json.end()) continue;
    const ParameterValue value = recorded_value(parameter, *found);
    if (parameter.kind == Kind::choice) {
      point[i] = static_cast<double>(place_among(parameter.choices, value));
    } else if (parameter.kind == Kind::int_uniform) {
      point[i] = static_cast<double>(std::get<std::int64_t>(value));
    } else {
      point[i] = std::get<double>(value);
    }
  }
  return point;
}

std::string in_toml(const ParameterValue& value) {
  return std::holds_alternative<std::string>(value) ? fmt::format("\"{}\"", to_text(value))
                                                    : to_text(value);
}

std::string in_toml(const std::vector<ParameterValue>& values) {
  std::vector<std::string> texts;
  for (const ParameterValue& value : values) texts.push_back(in_toml(value));
  return texts.size() == 1 ? texts.front() : fmt::format("[{}]", fmt::join(texts, ", "));
}

}  // namespace

AskedPoint next_point(const SearchRequest& search, const std::vector<PastTrial>& history,
                      bool lower_is_better, std::uint64_t number) {
  std::vector<search::Trial> trials;
  trials.reserve(history.size());
  for (const PastTrial& past : history) {
    trials.push_back({.point = point_of(search, past.point),
                      .state = past.state,
                      .value = lower_is_better ? past.value : -past.value,
                      .last_step = past.last_step});
  }
  const search::SearchSpace space = space_of(search);
  const auto startup = static_cast<std::size_t>(search.startup);
  const search::Point point = search::next_point(space, trials, search.seed, number, startup);
  return {json_of(search, point), search::has_learned(trials, startup)};
}

std::vector<Assignment> assignments_at(const SearchRequest& search, const std::string& point) {
  const ordered_json json = read_point(point);
  std::vector<Assignment> assignments;
  for (const SearchedParameter& parameter : search.parameters) {
    const auto found = json.find(parameter.name);
    if (found == json.end()) continue;
    assignments.push_back(
        {parameter.name, recorded_value(parameter, *found), parameter.where, parameter.folder, {}});
  }
  return assignments;
}

std::string to_text(const SearchedParameter& parameter) {
  constexpr const char* kNames[] = {"uniform", "log_uniform", "int_uniform"};
  std::string text;
  if (parameter.kind == Kind::choice) {
    std::vector<std::string> choices;
    for (const ParameterValue& choice : parameter.choices) choices.push_back(in_toml(choice));
    text = fmt::format("choice [{}]", fmt::join(choices, ", "));
  } else {
    text = fmt::format("{} [{}, {}]", kNames[static_cast<std::size_t>(parameter.kind)],
                       parameter.low, parameter.high);
  }
  if (!parameter.when) return text;
  return fmt::format("{}, when {} is {}", text, parameter.when->parent,
                     in_toml(parameter.when->values));
}

}  // namespace epochal
