// Random search: draws values from declared distributions.

#include "framework/sweep/random_axis.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>

#include "framework/base/error.h"
#include "framework/base/keyed_random.h"
#include "framework/base/nearest_name.h"
#include "framework/base/sha256.h"
#include "framework/base/whole_number.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::filled_array;
using toml_reading::place;

constexpr std::int64_t kMostSamples = 1'000'000;

const std::vector<std::string>& distributions() {
  static const std::vector<std::string> names{"uniform", "log_uniform", "int_uniform", "choice"};
  return names;
}

/// The distribution of one parameter: its name and its array.
struct Distribution {
  std::string kind;
  const toml::array* values;
  std::string where;
};

std::int64_t whole_number(const toml::table& table, std::string_view key, std::int64_t fallback,
                          std::int64_t low, const std::string& file) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return fallback;
  const auto* value = node->as_integer();
  if (value == nullptr || value->get() < low || value->get() > kMostSamples) {
    throw Error(fmt::format("{} must be a whole number from {} to {}", key, low, kMostSamples),
                place(*node, file));
  }
  return value->get();
}

Distribution distribution(const toml::key& name, const toml::node& node, const std::string& file) {
  const std::string where = place(node, file);
  const auto* table = node.as_table();
  if (table == nullptr || table->size() != 1) {
    throw Error(fmt::format("{} must be one distribution", name.str()), where,
                "write { uniform = [LOW, HIGH] }, log_uniform, int_uniform or { choice = [A, B] }");
  }
  const auto entry = table->begin();  // keeps its node alive
  const std::string kind_name(entry->first.str());
  if (std::find(distributions().begin(), distributions().end(), kind_name) ==
      distributions().end()) {
    throw Error(fmt::format("there is no distribution '{}'", kind_name.substr(0, 80)), where,
                name_hint(kind_name, distributions()));
  }
  return {kind_name, &filled_array(entry->second, kind_name, where), where};
}

/// LOW and HIGH of a range, as reals.
std::array<double, 2> bounds(const Distribution& distribution) {
  const auto low = distribution.values->get(0)->value<double>();
  const auto high =
      distribution.values->size() == 2 ? distribution.values->get(1)->value<double>() : low;
  const bool is_log = distribution.kind == "log_uniform";
  const bool is_range = distribution.values->size() == 2 && low && high && std::isfinite(*low) &&
                        std::isfinite(*high) && *low <= *high && (!is_log || *low > 0);
  if (!is_range) {
    throw Error(fmt::format("{} needs two numbers, the smaller one first{}", distribution.kind,
                            is_log ? ", both more than 0" : ""),
                distribution.where, fmt::format("write {{ {} = [LOW, HIGH] }}", distribution.kind));
  }
  return {*low, *high};
}

double with_four_digits(double value) {
  return std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr);
}

std::int64_t draw_integer(const Distribution& distribution, KeyedRandom& random) {
  constexpr double kLargest = 1e15;  // exact as a real
  const auto [low, high] = bounds(distribution);
  if (std::floor(low) != low || std::floor(high) != high || std::abs(low) > kLargest ||
      std::abs(high) > kLargest) {
    throw Error("int_uniform needs whole numbers", distribution.where);
  }
  const auto count = static_cast<std::uint64_t>(nearest_whole(high - low)) + 1;
  return nearest_whole(low) + static_cast<std::int64_t>(random.below(count));
}

ParameterValue draw(const Distribution& distribution, std::string_view name, KeyedRandom random) {
  if (distribution.kind == "choice") {
    const toml::node& chosen = *distribution.values->get(random.below(distribution.values->size()));
    return toml_reading::scalar(chosen, name, distribution.where);
  }
  if (distribution.kind == "int_uniform") return draw_integer(distribution, random);
  const auto [low, high] = bounds(distribution);
  if (distribution.kind == "uniform") return with_four_digits(random.uniform(low, high));
  return with_four_digits(std::exp(random.uniform(std::log(low), std::log(high))));
}

std::uint64_t number_of(std::string_view name) {
  return std::strtoull(sha256_of(std::string(name)).substr(0, 16).c_str(), nullptr, 16);
}

}  // namespace

Axis random_axis(const toml::table& random, const std::string& file) {
  if (random.get("samples") == nullptr) {
    throw Error("[sweep.random] has no samples", place(random, file), "add samples = 20");
  }
  const std::int64_t samples = whole_number(random, "samples", 0, 1, file);
  const auto seed = static_cast<std::uint64_t>(whole_number(random, "seed", 0, 0, file));

  const std::filesystem::path folder = toml_reading::folder_of(file);
  Axis axis{Axis::Kind::random, {}};
  axis.points.resize(static_cast<std::size_t>(samples));
  for (const toml::key* key : toml_reading::keys_in_file_order(random)) {
    if (*key == "samples" || *key == "seed") continue;
    const Distribution drawn_from = distribution(*key, *random.get(*key), file);
    for (std::size_t i = 0; i < axis.points.size(); ++i) {
      KeyedRandom stream({seed, number_of(key->str()), i});
      axis.points[i].push_back({std::string(key->str()),
                                draw(drawn_from, key->str(), stream),
                                drawn_from.where,
                                folder,
                                {}});
    }
  }
  if (axis.points.front().empty()) {
    throw Error("[sweep.random] draws no parameter", place(random, file),
                "add one, such as learning_rate = { log_uniform = [1e-5, 1e-2] }");
  }
  return axis;
}

}  // namespace epochal
