// The [sweep] table: makes axes of grids, zips, lists and random search.

#include "framework/sweep/sweep_tables.h"

#include <fmt/format.h>

#include "framework/base/error.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::assignment;
using toml_reading::assignments;
using toml_reading::filled_array;
using toml_reading::keys_in_file_order;
using toml_reading::place;
using toml_reading::refuse_unknown_keys;
using toml_reading::table_at;
using toml_reading::tables_at;

void add_grid_axes(const toml::table& grid, const std::string& file, std::vector<Axis>& axes) {
  for (const toml::key* key : keys_in_file_order(grid)) {
    const toml::node& values = *grid.get(*key);
    Axis axis{Axis::Kind::grid, {}};
    for (const toml::node& value : filled_array(values, key->str(), place(values, file))) {
      axis.points.push_back({assignment(*key, value, file)});
    }
    axes.push_back(std::move(axis));
  }
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
      throw Error(
          fmt::format("{} has {} values, but {} has {}: a zip needs columns of equal length",
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

}  // namespace

std::vector<Axis> axes_of(const toml::table& table, const std::string& file) {
  refuse_unknown_keys(table, {"grid", "zip", "list", "random", "search", "exclude"}, "[sweep]",
                      file);
  std::vector<Axis> axes;
  for (const toml::key* key : keys_in_file_order(table)) {
    const toml::node& node = *table.get(*key);
    if (*key == "grid") {
      add_grid_axes(table_at(node, "sweep.grid", file), file, axes);
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

void read_exclusions(const toml::table& sweep_table, const std::string& file, Sweep& sweep) {
  const toml::node* node = sweep_table.get("exclude");
  if (node == nullptr) return;
  if (const auto* array = node->as_array();
      array != nullptr && (array->empty() || array->is_homogeneous<std::string>())) {
    for (const toml::node& condition : *array) {
      const std::string where = place(condition, file);
      sweep.excluded_if.push_back({toml_reading::text(condition, "exclude", where), where});
    }
    return;
  }
  for (const toml::table* entry : tables_at(*node, "sweep.exclude", file)) {
    if (entry->empty()) {
      throw Error("[[sweep.exclude]] is empty: it would exclude every run", place(*entry, file),
                  "name a parameter and its value");
    }
    sweep.excluded.push_back(assignments(*entry, file));
  }
}

}  // namespace epochal
