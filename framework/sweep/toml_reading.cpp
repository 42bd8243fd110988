// Reads typed values from TOML nodes; every error says where.

#include "framework/sweep/toml_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <tuple>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"

namespace epochal::toml_reading {
namespace {

std::string kind_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a real number";
    case toml::node_type::boolean:
      return "a boolean";
    default:
      return "a date or time";
  }
}

Error wrong_kind(const toml::node& node, std::string_view name, std::string_view wanted,
                 const std::string& where) {
  return Error(fmt::format("{} must be {}, not {}", name, wanted, kind_of(node)), where);
}

/// Whole numbers, dates and times as text; empty for anything else.
std::string written(const toml::node& node) {
  std::ostringstream text;
  if (const auto* value = node.as_date()) text << value->get();
  if (const auto* value = node.as_time()) text << value->get();
  if (const auto* value = node.as_date_time()) text << value->get();
  if (const auto* value = node.as_integer()) text << value->get();
  return text.str();
}

}  // namespace

std::string place_of_key(const toml::key& key, const std::string& file) {
  const toml::source_position begin = key.source().begin;
  return fmt::format("{}:{}:{}", file, begin.line, begin.column);
}

std::string place(const toml::node& node, const std::string& file) {
  const toml::source_position begin = node.source().begin;
  if (!begin) return file;
  return fmt::format("{}:{}:{}", file, begin.line, begin.column);
}

std::filesystem::path folder_of(const std::string& file) {
  return (std::filesystem::current_path() / file).parent_path();
}

std::vector<const toml::key*> keys_in_file_order(const toml::table& table) {
  std::vector<const toml::key*> keys;
  for (const auto& [key, node] : table) keys.push_back(&key);
  std::sort(keys.begin(), keys.end(), [](const toml::key* a, const toml::key* b) {
    const auto position = [](const toml::key* key) {
      return std::tuple(key->source().begin.line, key->source().begin.column);
    };
    return position(a) < position(b);
  });
  return keys;
}

ParameterValue scalar(const toml::node& node, std::string_view name, const std::string& where) {
  if (const auto* value = node.as_boolean()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) return value->get();
  if (const auto* value = node.as_string()) return value->get();
  throw wrong_kind(node, name, "a single value", where);
}

std::string text(const toml::node& node, std::string_view name, const std::string& where) {
  const auto* value = node.as_string();
  if (value == nullptr) throw wrong_kind(node, name, "a text", where);
  constexpr std::size_t kLongest = 200;
  const std::string& result = value->get();
  const bool has_control = std::ranges::any_of(result, is_control_character);
  if (result.empty() || result.size() > kLongest || has_control) {
    throw Error(fmt::format("{} must be 1 to {} bytes without control characters", name, kLongest),
                where);
  }
  return result;
}

std::optional<std::string> text_at(const toml::table& table, std::string_view key,
                                   const std::string& file) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  return text(*node, key, place(*node, file));
}

bool is_first(const toml::node& node, std::string_view name, std::string_view first,
              std::string_view second, const std::string& file) {
  const std::string word = text(node, name, place(node, file));
  if (word == first || word == second) return word == first;
  throw Error(
      fmt::format("{} must be \"{}\" or \"{}\", not '{}'", name, first, second, word.substr(0, 80)),
      place(node, file));
}

std::int64_t whole_number(const toml::node& node, std::string_view name, std::int64_t low,
                          std::int64_t high, const std::string& file) {
  const auto* value = node.as_integer();
  if (value != nullptr && value->get() >= low && value->get() <= high) return value->get();
  throw Error(fmt::format("{} must be a whole number from {} to {}", name, low, high),
              place(node, file));
}

std::int64_t whole_number_at(const toml::table& table, std::string_view key, std::int64_t low,
                             std::int64_t high, std::int64_t otherwise, const std::string& file) {
  const toml::node* node = table.get(key);
  return node == nullptr ? otherwise : whole_number(*node, key, low, high, file);
}

double finite_number(const toml::node& node, std::string_view name, const std::string& file) {
  const auto number = node.is_number() ? node.value<double>() : std::nullopt;
  if (number && std::isfinite(*number)) return *number;
  throw Error(fmt::format("{} must be a number", name), place(node, file));
}

Assignment length(const toml::node& node, std::string_view key, const std::string& where) {
  Assignment read{std::string(key), {}, where, {}, {}};
  if (const auto* formula = node.as_string()) {
    read.value = text(*formula, key, where);
    return read;
  }
  const auto* value = node.as_integer();
  if (value == nullptr) throw wrong_kind(node, key, "an integer or a formula", where);
  if (value->get() < 1 || (key == "epochs" && value->get() > kMostEpochs)) {
    throw Error(fmt::format("{} = {} is out of range", key, value->get()), where,
                key == "epochs" ? fmt::format("choose a value from 1 to {}", kMostEpochs)
                                : std::string("choose at least 1"));
  }
  read.value = value->get();
  return read;
}

std::vector<std::uint64_t> seed_list(const toml::node& node, const std::string& where) {
  std::vector<std::uint64_t> seeds;
  std::set<std::uint64_t> seen;
  for (const toml::node& element : filled_array(node, "seeds", where)) {
    const auto* value = element.as_integer();
    if (value == nullptr) throw wrong_kind(element, "a seed", "an integer", where);
    if (value->get() < 0) {
      throw Error(fmt::format("seed {} is negative", value->get()), where,
                  "use whole numbers from 0");
    }
    const auto seed = static_cast<std::uint64_t>(value->get());
    if (!seen.insert(seed).second) {
      throw Error(fmt::format("seed {} is given twice", seed), where, "remove one");
    }
    seeds.push_back(seed);
  }
  return seeds;
}

const toml::array& filled_array(const toml::node& node, std::string_view name,
                                const std::string& where) {
  const auto* array = node.as_array();
  if (array == nullptr) throw wrong_kind(node, name, "an array of values", where);
  if (array->empty()) throw Error(fmt::format("{} is an empty array", name), where, "give a value");
  return *array;
}

void refuse_unknown_keys(const toml::table& table, const std::vector<std::string>& known,
                         const std::string& context, const std::string& file) {
  for (const toml::key* key : keys_in_file_order(table)) {
    if (std::find(known.begin(), known.end(), key->str()) != known.end()) continue;
    throw Error(fmt::format("unknown key '{}' in {}", key->str().substr(0, 80), context),
                place_of_key(*key, file), name_hint(key->str(), known));
  }
}

const toml::table& table_at(const toml::node& node, std::string_view name,
                            const std::string& file) {
  const auto* table = node.as_table();
  if (table == nullptr) {
    throw Error(fmt::format("{} must be a table", name), place(node, file),
                fmt::format("write [{}]", name));
  }
  return *table;
}

std::vector<const toml::table*> tables_at(const toml::node& node, std::string_view name,
                                          const std::string& file) {
  const auto* array = node.as_array();
  std::vector<const toml::table*> tables;
  if (array != nullptr) {
    for (const toml::node& element : *array) tables.push_back(element.as_table());
  }
  const bool all_tables =
      !tables.empty() && std::find(tables.begin(), tables.end(), nullptr) == tables.end();
  if (!all_tables) {
    throw Error(fmt::format("{} must be an array of tables", name), place(node, file),
                fmt::format("write [[{}]]", name));
  }
  return tables;
}

Assignment assignment(const toml::key& key, const toml::node& value, const std::string& file) {
  return assignment(std::string(key.str()), value, place(value, file), folder_of(file));
}

Assignment assignment(const std::string& name, const toml::node& value, const std::string& where,
                      const std::filesystem::path& folder) {
  const std::string as_written = written(value);
  const bool is_date = value.is_date() || value.is_time() || value.is_date_time();
  return {name, is_date ? ParameterValue(as_written) : scalar(value, name, where), where, folder,
          as_written};
}

std::vector<Assignment> assignments(const toml::table& table, const std::string& file) {
  std::vector<Assignment> result;
  for (const toml::key* key : keys_in_file_order(table)) {
    result.push_back(assignment(*key, *table.get(*key), file));
  }
  return result;
}

}  // namespace epochal::toml_reading
