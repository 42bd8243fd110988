// TOML text -> Sweep. Every table's keys are known; any other is refused with the nearest name.

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "framework/plugin/error.h"
#include "framework/plugin/nearest_name.h"
#include "framework/sweep/random_axis.h"
#include "framework/sweep/sweep.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::filled_array;
using toml_reading::keys_in_file_order;
using toml_reading::place;

constexpr std::size_t kLargestFile = 1 << 20;

std::string place_of_key(const toml::key& key, const std::string& file) {
  const toml::source_position begin = key.source().begin;
  return fmt::format("{}:{}:{}", file, begin.line, begin.column);
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
  const std::string where = place(value, file);
  return {std::string(key.str()), toml_reading::scalar(value, key.str(), where), where};
}

std::vector<Assignment> assignments(const toml::table& table, const std::string& file) {
  std::vector<Assignment> result;
  for (const toml::key* key : keys_in_file_order(table)) {
    result.push_back(assignment(*key, *table.get(*key), file));
  }
  return result;
}

std::vector<Axis> grid_axes(const toml::table& grid, const std::string& file) {
  std::vector<Axis> axes;
  for (const toml::key* key : keys_in_file_order(grid)) {
    const toml::node& values = *grid.get(*key);
    Axis axis{Axis::Kind::grid, {}};
    for (const toml::node& value : filled_array(values, key->str(), place(values, file))) {
      axis.points.push_back({assignment(*key, value, file)});
    }
    axes.push_back(std::move(axis));
  }
  return axes;
}

Axis zip_axis(const toml::table& zip, const std::string& file) {
  Axis axis{Axis::Kind::zip, {}};
  const std::vector<const toml::key*> keys = keys_in_file_order(zip);
  if (keys.empty()) throw Error("[[sweep.zip]] is empty", place(zip, file), "name a parameter");

  for (const toml::key* key : keys) {
    const toml::node& node = *zip.get(*key);
    const toml::array& values = filled_array(node, key->str(), place(node, file));
    if (axis.points.empty()) axis.points.resize(values.size());
    if (values.size() != axis.points.size()) {
      throw Error(fmt::format("{} has {} values, but {} has {}: values of one zip move together",
                              key->str(), values.size(), keys.front()->str(), axis.points.size()),
                  place(node, file), "give them the same number");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      axis.points[i].push_back(assignment(*key, values[i], file));
    }
  }
  return axis;
}

Axis list_axis(const std::vector<const toml::table*>& entries, const std::string& file) {
  Axis axis{Axis::Kind::list, {}};
  for (const toml::table* entry : entries) axis.points.push_back(assignments(*entry, file));
  return axis;
}

std::vector<Axis> axes_of(const toml::table& table, const std::string& file) {
  refuse_unknown_keys(table, {"grid", "zip", "list", "random", "exclude"}, "[sweep]", file);
  std::vector<Axis> axes;
  for (const toml::key* key : keys_in_file_order(table)) {
    const toml::node& node = *table.get(*key);
    if (*key == "grid") {
      for (Axis& axis : grid_axes(table_at(node, "sweep.grid", file), file)) {
        axes.push_back(std::move(axis));
      }
    } else if (*key == "zip") {
      for (const toml::table* zip : tables_at(node, "sweep.zip", file)) {
        axes.push_back(zip_axis(*zip, file));
      }
    } else if (*key == "random") {
      axes.push_back(random_axis(table_at(node, "sweep.random", file), file));
    } else if (*key == "list") {
      axes.push_back(list_axis(tables_at(node, "sweep.list", file), file));
    }
  }
  return axes;
}

std::vector<std::vector<Assignment>> exclusions(const toml::table& sweep, const std::string& file) {
  std::vector<std::vector<Assignment>> excluded;
  const toml::node* node = sweep.get("exclude");
  if (node == nullptr) return excluded;
  for (const toml::table* entry : tables_at(*node, "sweep.exclude", file)) {
    if (entry->empty()) {
      throw Error("[[sweep.exclude]] is empty: it would leave out everything", place(*entry, file),
                  "name a parameter and its value");
    }
    excluded.push_back(assignments(*entry, file));
  }
  return excluded;
}

/// Every parameter has one place that sets it: a second one would silently win or lose.
void refuse_double_assignment(const Sweep& sweep) {
  const auto refuse = [](const Assignment& second) {
    throw Error(fmt::format("{} is set in two places of the sweep", second.name), second.where,
                "keep one of [params], [sweep.grid], [[sweep.zip]] and [[sweep.list]] for it");
  };
  for (std::size_t i = 0; i < sweep.axes.size(); ++i) {
    for (const auto& point : sweep.axes[i].points) {
      for (const Assignment& assigned : point) {
        const auto same = [&](const Assignment& other) { return other.name == assigned.name; };
        if (std::any_of(sweep.fixed.begin(), sweep.fixed.end(), same)) refuse(assigned);
        for (std::size_t j = 0; j < i; ++j) {
          if (sweep.axes[j].assigns(assigned.name)) refuse(assigned);
        }
      }
      // Points of a grid or zip all assign the same names; only a list's differ.
      if (sweep.axes[i].kind != Axis::Kind::list) break;
    }
  }
}

void read_report(const toml::table& report, const std::string& file, Sweep& sweep) {
  refuse_unknown_keys(report, {"compare_by"}, "[report]", file);
  if (const toml::node* node = report.get("compare_by")) {
    sweep.compare_by_where = place(*node, file);
    sweep.compare_by = toml_reading::text(*node, "compare_by", sweep.compare_by_where);
  }
}

const toml::node& required(const toml::table& root, std::string_view key, const std::string& file) {
  if (const toml::node* node = root.get(key)) return *node;
  throw Error(fmt::format("the sweep has no {}", key), file, fmt::format("add {} = \"…\"", key));
}

toml::table parse_toml(std::string_view text, const std::string& file) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    throw Error(fmt::format("the TOML is broken: {}", error.description()),
                fmt::format("{}:{}:{}", file, at.line, at.column), "correct it there");
  }
}

}  // namespace

Sweep parse_sweep(std::string_view text, const std::string& file) {
  if (text.size() > kLargestFile) {
    throw Error("a sweep file may have at most 1 MiB", file, "check that it is the right file");
  }
  const toml::table root = parse_toml(text, file);
  refuse_unknown_keys(
      root,
      {"name", "experiment", "epochs", "seeds", "keep_checkpoints", "params", "sweep", "report"},
      "the sweep", file);

  Sweep sweep;
  sweep.text = text;
  const toml::node& name = required(root, "name", file);
  sweep.name = toml_reading::text(name, "name", place(name, file));
  const toml::node& experiment = required(root, "experiment", file);
  sweep.experiment_where = place(experiment, file);
  sweep.experiment = toml_reading::text(experiment, "experiment", sweep.experiment_where);

  if (const toml::node* node = root.get("epochs")) {
    sweep.epochs = toml_reading::epoch_count(*node, place(*node, file));
  }
  if (const toml::node* node = root.get("seeds")) {
    sweep.seeds = toml_reading::seed_list(*node, place(*node, file));
  }
  if (const toml::node* node = root.get("keep_checkpoints")) {
    const std::string where = place(*node, file);
    sweep.keep_checkpoints =
        keep_checkpoints(toml_reading::text(*node, "keep_checkpoints", where), where);
  }
  if (const toml::node* node = root.get("params")) {
    sweep.fixed = assignments(table_at(*node, "params", file), file);
  }
  if (const toml::node* node = root.get("sweep")) {
    const toml::table& table = table_at(*node, "sweep", file);
    sweep.axes = axes_of(table, file);
    sweep.excluded = exclusions(table, file);
  }
  if (const toml::node* node = root.get("report")) {
    read_report(table_at(*node, "report", file), file, sweep);
  }
  refuse_double_assignment(sweep);
  return sweep;
}

Sweep load_sweep(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text;
  if (in) {
    text.resize(kLargestFile + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad() || std::filesystem::is_directory(file)) {
    throw Error(fmt::format("the sweep file cannot be read: {}",
                            errno == 0 ? "not a file" : std::strerror(errno)),
                file, "name a sweep such as experiments/sweeps/quick.toml");
  }
  return parse_sweep(text, file.string());
}

}  // namespace epochal
