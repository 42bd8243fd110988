// Applies KEY=VALUE from the command line to a parsed sweep.

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "framework/base/error.h"
#include "framework/sweep/run_length.h"
#include "framework/sweep/sweep_tables.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

struct Override {
  std::string key;
  toml::table holder;  ///< `v = VALUE`: owns the parsed value
  std::string where;
  std::string text;                ///< VALUE as written
  std::vector<std::string> parts;  ///< the parts of a list with commas, as written

  const toml::node& value() const { return *holder.get("v"); }
};

/// Parses `v = VALUE`; empty if VALUE is not TOML. Then it is a bare text, so that a path needs no
/// second quotes.
toml::table toml_value(const std::string& value) {
  if (value.find('\n') != std::string::npos) return {};
  try {
    toml::table holder = toml::parse("v = " + value);
    return holder.size() == 1 ? holder : toml::table();
  } catch (const toml::parse_error&) {
    return {};
  }
}

/// The parts between commas outside of brackets and quotes: "1,2" has two, "min(1,2)" one.
std::vector<std::string> between_commas(const std::string& text) {
  std::vector<std::string> parts{""};
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if ((c == '"' || c == '\'') &&
               parts.back().find_first_not_of(' ') == std::string::npos) {
      quote = c;  // inside a word it is an apostrophe
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      depth = std::max(0, depth - 1);
    } else if (c == ',' && depth == 0) {
      parts.emplace_back();
      continue;
    }
    parts.back() += c;
  }
  for (std::string& part : parts) {
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
  }
  return parts;
}

Override parse_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(fmt::format("'{}' is not an override", text.substr(0, 80)), "command line",
                "write KEY=VALUE, such as learning_rate=1e-3");
  }
  const std::string value = text.substr(equals + 1);
  Override parsed{text.substr(0, equals), {}, "command line, " + text.substr(0, 80), value, {}};
  parsed.holder = toml_value(value);
  if (!parsed.holder.empty()) return parsed;
  if (value.starts_with('[')) {
    throw Error("the list is not valid TOML", parsed.where,
                "put texts in quotes, as in 'encoder=[\"random\", \"mini\"]'");
  }
  const bool is_text_key = parsed.key == "name" || parsed.key == "keep_checkpoints" ||
                           parsed.key.starts_with("slurm.") || parsed.key.starts_with("search.");
  const std::vector<std::string> parts = between_commas(value);
  std::error_code ignored;
  if (parts.size() == 1 || is_text_key || std::filesystem::exists(with_home(value), ignored)) {
    parsed.holder = toml::table{{"v", value}};
    return parsed;
  }
  toml::array list;
  for (const std::string& part : parts) {
    if (part.empty()) {
      throw Error(
          "a value of the list is missing", parsed.where,
          "write a value before and after each comma, and quote a text that contains a comma: "
          "'\"a,b\"'");
    }
    parsed.parts.push_back(part);
    const toml::table one = toml_value(part);
    if (one.empty()) {
      list.push_back(part);
    } else {
      list.push_back(*one.get("v"));
    }
  }
  parsed.holder = toml::table{{"v", std::move(list)}};
  return parsed;
}

std::vector<Assignment> values_of(const Override& given) {
  const auto single = [&](const toml::node& node, const std::string& written) {
    Assignment one =
        toml_reading::assignment(given.key, node, given.where, std::filesystem::current_path());
    if (!written.empty() && !node.is_string()) one.written = written;
    return one;
  };
  if (!given.value().is_array()) return {single(given.value(), given.text)};

  std::vector<Assignment> values;
  for (const toml::node& node : toml_reading::filled_array(given.value(), given.key, given.where)) {
    values.push_back(single(node, given.parts.empty() ? "" : given.parts[values.size()]));
  }
  return values;
}

Axis grid_axis(const std::vector<Assignment>& values) {
  Axis axis{Axis::Kind::grid, {}};
  for (const Assignment& value : values) axis.points.push_back({value});
  return axis;
}

std::size_t axis_of_kind(const Sweep& sweep, Axis::Kind kind, std::string_view name) {
  const auto found = std::ranges::find_if(
      sweep.axes, [&](const Axis& axis) { return axis.kind == kind && axis.assigns(name); });
  return static_cast<std::size_t>(found - sweep.axes.begin());
}

void set_several_values(Sweep& sweep, const std::vector<Assignment>& values) {
  const std::string& name = values.front().name;
  const std::size_t grid = axis_of_kind(sweep, Axis::Kind::grid, name);
  if (grid < sweep.axes.size()) {
    sweep.axes[grid] = grid_axis(values);
    return;
  }
  remove_parameter(sweep, name);
  sweep.axes.push_back(grid_axis(values));
}

void replace_columns(Axis& zip, const std::vector<std::vector<Assignment>>& columns) {
  const std::vector<Assignment>& first = columns.front();
  Axis replaced{Axis::Kind::zip, {}};
  replaced.points.resize(first.size());
  for (std::size_t column = 0; column < zip.points.front().size(); ++column) {
    const Assignment& old = zip.points.front()[column];
    const auto name_of = [](const auto& values) { return values.front().name; };
    const auto given = std::ranges::find(columns, old.name, name_of);
    const std::size_t length = given != columns.end() ? given->size() : zip.points.size();
    if (length != first.size()) {
      throw Error(fmt::format("{} has {} values and {} has {}, but both are in one zip", old.name,
                              length, first.front().name, first.size()),
                  first.front().where,
                  fmt::format("give {} as many values or a single one", old.name));
    }
    for (std::size_t i = 0; i < first.size(); ++i) {
      replaced.points[i].push_back(given != columns.end() ? (*given)[i] : zip.points[i][column]);
    }
  }
  zip = std::move(replaced);
}

/// `steps` and `images` may be parameters of the sweep's experiment: then the sweep sets them.
bool is_length_of_all(const Sweep& sweep, const Override& given) {
  if (given.value().is_array()) return false;
  return given.key == "epochs" || (sweep.length && sweep.length->name == given.key);
}

constexpr std::string_view kSearchPrefix = "search.";

bool is_key_of_search(const Sweep& sweep, std::string_view key) {
  return sweep.search && (key == "trials" || key.starts_with(kSearchPrefix));
}

void set_search_key(Sweep& sweep, const Override& given) {
  const bool has_prefix = given.key.starts_with(kSearchPrefix);
  const std::string name = has_prefix ? given.key.substr(kSearchPrefix.size()) : given.key;
  const std::string where = sweep.search->where;
  read_search_table(toml::table{{name, given.value()}}, given.where,
                    std::filesystem::current_path(), *sweep.search);
  sweep.search->where = where;
}

bool set_sweep_key(Sweep& sweep, const Override& given) {
  if (is_length_of_all(sweep, given)) {
    set_length(sweep, toml_reading::length(given.value(), given.key, given.where));
    replace_lengths_in_axes(sweep);
  } else if (given.key == "seed" && given.value().is_integer()) {
    sweep.seeds = toml_reading::seed_list(toml::array{*given.value().as_integer()}, given.where);
  } else if (given.key == "seed" || given.key == "seeds") {
    if (given.value().is_integer()) {
      throw Error("seeds with one number could mean a seed or the number of seeds", given.where,
                  fmt::format("write seed={0} for the seed {0}, or name them: seeds=0,1,2",
                              given.text.substr(0, 20)));
    }
    sweep.seeds = toml_reading::seed_list(given.value(), given.where);
  } else if (given.key == "name") {
    sweep.name = toml_reading::text(given.value(), "name", given.where);
  } else if (given.key == "keep_checkpoints") {
    sweep.keep_checkpoints =
        keep_checkpoints(toml_reading::text(given.value(), given.key, given.where), given.where);
  } else if (given.key.starts_with("slurm.")) {
    const std::string name = given.key.substr(std::string_view("slurm.").size());
    read_slurm_table(toml::table{{name, given.value()}}, given.where, sweep.slurm);
  } else if (is_key_of_search(sweep, given.key)) {
    set_search_key(sweep, given);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void apply_overrides(Sweep& sweep, const std::vector<std::string>& overrides) {
  std::vector<std::vector<Assignment>> columns;
  for (const std::string& text : overrides) {
    const Override given = parse_override(text);
    sweep.overrides.push_back(text);
    if (set_sweep_key(sweep, given)) continue;

    std::vector<Assignment> values = values_of(given);
    if (values.size() == 1) {
      remove_parameter(sweep, given.key);
      sweep.fixed.push_back(values.front());
      if (is_length_key(given.key)) replace_lengths_in_axes(sweep);
      continue;
    }
    sweep.replaced_lengths.erase(given.key);  // what an earlier override replaced
    if (axis_of_kind(sweep, Axis::Kind::zip, given.key) < sweep.axes.size()) {
      columns.push_back(std::move(values));
    } else {
      set_several_values(sweep, values);
    }
  }

  // Checked last, since the columns of a zip may be given one after the other.
  for (Axis& axis : sweep.axes) {
    if (axis.kind != Axis::Kind::zip) continue;
    std::vector<std::vector<Assignment>> own;
    for (const auto& column : columns) {
      if (axis.assigns(column.front().name)) own.push_back(column);
    }
    if (!own.empty()) replace_columns(axis, own);
  }
  settle_search(sweep);
  declare_asked_program(sweep);
}

}  // namespace epochal
