// [sweep.search] -> SearchRequest.

#include "framework/sweep/sweep_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/sweep/distribution.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::is_first;
using toml_reading::place;
using toml_reading::whole_number;
using Kind = SearchedParameter::Kind;

constexpr std::int64_t kMostTrials = 1'000'000;
constexpr std::int64_t kMostStartup = 10'000;
constexpr std::size_t kMostSearched = 256;
constexpr std::size_t kMostChoices = 256;

/// Reads a key that is not a parameter. Returns false if it is one.
bool read_own_key(std::string_view key, const toml::node& node, const std::string& file,
                  SearchRequest& search) {
  if (key == "trials") {
    search.trials = static_cast<int>(whole_number(node, key, 1, kMostTrials, file));
  } else if (key == "seed") {
    search.seed = static_cast<std::uint64_t>(whole_number(node, key, 0, kMostTrials, file));
  } else if (key == "startup") {
    search.startup = static_cast<int>(whole_number(node, key, 1, kMostStartup, file));
  } else if (key == "metric") {
    search.metric = toml_reading::text(node, key, place(node, file));
  } else if (key == "mode") {
    search.lower_is_better = is_first(node, key, "min", "max", file);
    search.has_mode = true;
  } else if (key == "value") {
    search.value = is_first(node, key, "last", "best", file) ? SearchRequest::Value::last
                                                             : SearchRequest::Value::best;
  } else {
    return false;
  }
  return true;
}

std::vector<ParameterValue> scalars(const toml::array& values, std::string_view name,
                                    const std::string& where) {
  if (values.size() > kMostChoices) {
    throw Error(fmt::format("a search chooses {} from at most {} values", name, kMostChoices),
                where);
  }
  std::vector<ParameterValue> all;
  for (const toml::node& value : values) all.push_back(toml_reading::scalar(value, name, where));
  return all;
}

SearchedParameter::When condition(const toml::node& node, const std::string& name,
                                  const std::string& file) {
  const std::string where = place(node, file);
  const auto* table = node.as_table();
  if (table == nullptr || table->size() != 1) {
    throw Error(fmt::format("when of {} must name one parameter", name), where,
                "write when = { optimizer = \"sgd\" }, or a list of values");
  }
  const auto entry = table->begin();  // keeps its node alive
  const std::string parent(entry->first.str());
  if (!entry->second.is_array()) {
    return {parent, {toml_reading::scalar(entry->second, parent, where)}};
  }
  return {parent, scalars(toml_reading::filled_array(entry->second, parent, where), parent, where)};
}

SearchedParameter searched_parameter(const toml::key& key, const toml::node& node,
                                     const std::string& file, const std::filesystem::path& folder) {
  const Distribution read = distribution(key, node, file, "when");
  SearchedParameter parameter;
  parameter.name = key.str();
  parameter.where = read.where;
  parameter.folder = folder;
  if (read.kind == "choice") {
    parameter.kind = Kind::choice;
    parameter.choices = scalars(*read.values, parameter.name, read.where);
  } else if (read.kind == "int_uniform") {
    parameter.kind = Kind::int_uniform;
    const auto [low, high] = whole_bounds(read);
    parameter.low = static_cast<double>(low);
    parameter.high = static_cast<double>(high);
  } else {
    parameter.kind = read.kind == "uniform" ? Kind::uniform : Kind::log_uniform;
    const auto [low, high] = bounds(read);
    if (!std::isfinite(high - low)) {
      throw Error(fmt::format("the range of {} is too wide", parameter.name), read.where);
    }
    parameter.low = low;
    parameter.high = high;
  }
  if (const toml::node* when = node.as_table()->get("when")) {
    parameter.when = condition(*when, parameter.name, file);
  }
  return parameter;
}

bool has_value(const std::vector<ParameterValue>& values, const ParameterValue& wanted) {
  return std::ranges::find(values, wanted) != values.end();
}

const Assignment* fixed_value(const Sweep& sweep, const std::string& name) {
  const auto found = std::ranges::find(sweep.fixed, name, &Assignment::name);
  return found == sweep.fixed.end() ? nullptr : &*found;
}

/// Whether the parameter still takes part after values were fixed. A condition that a fixed value
/// fulfils is dropped.
bool takes_part(const Sweep& sweep, SearchedParameter& parameter) {
  if (!parameter.when || sweep.search->find(parameter.when->parent) != nullptr) return true;
  const Assignment* fixed = fixed_value(sweep, parameter.when->parent);
  if (fixed == nullptr) {
    std::vector<std::string> known;
    for (const SearchedParameter& other : sweep.search->parameters) known.push_back(other.name);
    throw Error(fmt::format("{} depends on {}, which the search does not choose", parameter.name,
                            parameter.when->parent.substr(0, 80)),
                parameter.where, name_hint(parameter.when->parent, known));
  }
  const bool holds = has_value(parameter.when->values, fixed->value);
  if (holds) parameter.when.reset();
  return holds;
}

void check_condition(const SearchRequest& search, const SearchedParameter& parameter) {
  const SearchedParameter& parent = *search.find(parameter.when->parent);
  if (parent.kind != Kind::choice) {
    throw Error(fmt::format("{} depends on {}, which is not a choice", parameter.name, parent.name),
                parameter.where, "depend on a parameter with choice = […]");
  }
  for (const ParameterValue& value : parameter.when->values) {
    if (has_value(parent.choices, value)) continue;
    std::vector<std::string> known;
    for (const ParameterValue& choice : parent.choices) known.push_back(to_text(choice));
    throw Error(fmt::format("{} depends on a value of {} that it cannot have: {}", parameter.name,
                            parent.name, to_text(value).substr(0, 80)),
                parameter.where, name_hint(to_text(value), known));
  }
}

/// Parents first, otherwise in the order of the file.
void sort_by_condition(SearchRequest& search) {
  std::vector<SearchedParameter> sorted;
  const auto is_sorted = [&](const std::string& name) {
    return std::ranges::find(sorted, name, &SearchedParameter::name) != sorted.end();
  };
  std::vector<SearchedParameter> left = search.parameters;
  while (!left.empty()) {
    const auto next = std::ranges::find_if(left, [&](const SearchedParameter& one) {
      return !one.when || is_sorted(one.when->parent);
    });
    if (next == left.end()) {
      throw Error(fmt::format("the condition of {} depends on itself", left.front().name),
                  left.front().where, "leave one condition out");
    }
    sorted.push_back(std::move(*next));
    left.erase(next);
  }
  search.parameters = std::move(sorted);
}

}  // namespace

const SearchedParameter* SearchRequest::find(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, &SearchedParameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

void read_search_table(const toml::table& table, const std::string& file,
                       const std::filesystem::path& folder, SearchRequest& search) {
  search.where = place(table, file);
  for (const toml::key* key : toml_reading::keys_in_file_order(table)) {
    const toml::node& node = *table.get(*key);
    if (read_own_key(key->str(), node, file, search)) continue;
    SearchedParameter parameter = searched_parameter(*key, node, file, folder);
    const auto same =
        std::ranges::find(search.parameters, parameter.name, &SearchedParameter::name);
    if (same == search.parameters.end()) {
      search.parameters.push_back(std::move(parameter));
    } else {
      *same = std::move(parameter);
    }
  }
}

void settle_search(Sweep& sweep) {
  if (!sweep.search) return;
  SearchRequest& search = *sweep.search;
  // A parameter that is taken out may be the parent of another.
  for (std::size_t before = std::numeric_limits<std::size_t>::max();
       before != search.parameters.size();) {
    before = search.parameters.size();
    std::erase_if(search.parameters,
                  [&](SearchedParameter& parameter) { return !takes_part(sweep, parameter); });
  }
  if (search.parameters.empty()) {
    throw Error("[sweep.search] chooses no parameter", search.where,
                "add one, such as learning_rate = { log_uniform = [1e-5, 1e-2] }");
  }
  if (search.parameters.size() > kMostSearched) {
    throw Error(fmt::format("a search chooses at most {} parameters", kMostSearched), search.where);
  }
  for (const SearchedParameter& parameter : search.parameters) {
    if (parameter.when) check_condition(search, parameter);
  }
  sort_by_condition(search);
}

}  // namespace epochal
