// The distribution of one parameter, read from a sweep file.

#include "framework/sweep/distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/base/whole_number.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

const std::vector<std::string>& distributions() {
  static const std::vector<std::string> names{"uniform", "log_uniform", "int_uniform", "choice"};
  return names;
}

}  // namespace

Distribution distribution(const toml::key& name, const toml::node& node, const std::string& file,
                          std::string_view also) {
  const std::string where = toml_reading::place(node, file);
  std::vector<const toml::key*> kinds;
  if (const auto* table = node.as_table()) kinds = toml_reading::keys_in_file_order(*table);
  std::erase_if(kinds, [&](const toml::key* key) { return key->str() == also; });
  if (kinds.size() != 1) {
    throw Error(fmt::format("{} must be one distribution", name.str()), where,
                "write { uniform = [LOW, HIGH] }, log_uniform, int_uniform or { choice = [A, B] }");
  }
  const std::string kind(kinds.front()->str());
  if (std::find(distributions().begin(), distributions().end(), kind) == distributions().end()) {
    throw Error(fmt::format("there is no distribution '{}'", kind.substr(0, 80)), where,
                name_hint(kind, distributions()));
  }
  const toml::node& values = *node.as_table()->get(kind);
  return {kind, &toml_reading::filled_array(values, kind, where), where};
}

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

std::array<std::int64_t, 2> whole_bounds(const Distribution& distribution) {
  constexpr double kLargest = 1e15;  // exact as a real
  const auto [low, high] = bounds(distribution);
  if (std::floor(low) != low || std::floor(high) != high || std::abs(low) > kLargest ||
      std::abs(high) > kLargest) {
    throw Error("int_uniform needs whole numbers", distribution.where);
  }
  return {nearest_whole(low), nearest_whole(high)};
}

double with_four_digits(double value) {
  return std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr);
}

}  // namespace epochal
