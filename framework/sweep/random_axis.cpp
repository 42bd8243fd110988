// Random search and its more even sequences: values from declared distributions.

#include "framework/sweep/sweep_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/keyed_random.h"
#include "framework/base/nearest_name.h"
#include "framework/base/sha256.h"
#include "framework/base/whole_number.h"
#include "framework/search/low_discrepancy.h"
#include "framework/sweep/distribution.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

using toml_reading::place;

constexpr std::int64_t kMostSamples = 1'000'000;

/// The real value at a place from 0 to 1.
double real_at(const Distribution& distribution, double place) {
  const auto [low, high] = bounds(distribution);
  const bool is_log = distribution.kind == "log_uniform";
  const double value = is_log ? std::exp(std::log(low) + (std::log(high) - std::log(low)) * place)
                              : low + (high - low) * place;
  // An end of the range may have more digits.
  return std::clamp(with_four_digits(value), low, high);
}

ParameterValue draw(const Distribution& distribution, std::string_view name, KeyedRandom random) {
  if (distribution.kind == "choice") {
    const toml::node& chosen = *distribution.values->get(random.below(distribution.values->size()));
    return toml_reading::scalar(chosen, name, distribution.where);
  }
  if (distribution.kind == "int_uniform") {
    const auto [low, high] = whole_bounds(distribution);
    return low +
           static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low) + 1));
  }
  return real_at(distribution, random.uniform());
}

/// The value at a place in [0, 1), where each choice and each whole number has an equal part.
ParameterValue value_at(const Distribution& distribution, std::string_view name, double place) {
  if (distribution.kind == "choice") {
    const std::size_t choices = distribution.values->size();
    const auto chosen = static_cast<std::size_t>(place * static_cast<double>(choices));
    return toml_reading::scalar(*distribution.values->get(std::min(chosen, choices - 1)), name,
                                distribution.where);
  }
  if (distribution.kind == "int_uniform") {
    const auto [low, high] = whole_bounds(distribution);
    const double count = static_cast<double>(high - low) + 1;
    return std::min(low + static_cast<std::int64_t>(place * count), high);
  }
  return real_at(distribution, place);
}

std::uint64_t number_of(std::string_view name) {
  return std::strtoull(sha256_of(std::string(name)).substr(0, 16).c_str(), nullptr, 16);
}

enum class Sequence { random, sobol, latin };

Sequence sequence_of(const toml::table& random, const std::string& file) {
  const toml::node* node = random.get("sequence");
  if (node == nullptr) return Sequence::random;
  const std::string where = place(*node, file);
  const std::string name = toml_reading::text(*node, "sequence", where);
  static const std::vector<std::string> names{"random", "sobol", "latin"};
  if (name == "random") return Sequence::random;
  if (name == "sobol") return Sequence::sobol;
  if (name == "latin") return Sequence::latin;
  throw Error(fmt::format("there is no sequence '{}'", name.substr(0, 80)), where,
              name_hint(name, names));
}

struct RandomParameter {
  std::string name;
  Distribution distribution;
};

std::vector<RandomParameter> parameters_of(const toml::table& random, const std::string& file) {
  static const std::set<std::string_view> kOwnKeys{"samples", "seed", "sequence"};
  std::vector<RandomParameter> parameters;
  for (const toml::key* key : toml_reading::keys_in_file_order(random)) {
    if (kOwnKeys.contains(key->str())) continue;
    parameters.push_back({std::string(key->str()), distribution(*key, *random.get(*key), file)});
  }
  if (parameters.empty()) {
    throw Error("[sweep.random] draws no parameter", place(random, file),
                "add one, such as learning_rate = { log_uniform = [1e-5, 1e-2] }");
  }
  return parameters;
}

/// The values of each parameter in turn, one for each sample.
std::vector<std::vector<ParameterValue>> drawn_values(
    Sequence sequence, const std::vector<RandomParameter>& parameters, std::uint64_t seed,
    std::size_t samples) {
  std::vector<std::vector<double>> points;
  if (sequence == Sequence::sobol) points = search::sobol_points(seed, parameters.size(), samples);
  std::vector<std::vector<ParameterValue>> values(parameters.size());
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const auto& [name, distribution] = parameters[p];
    const std::uint64_t key = number_of(name);
    std::vector<double> places;
    if (sequence == Sequence::latin) places = search::latin_places(seed, key, samples);
    for (const auto& point : points) places.push_back(point[p]);
    for (std::size_t i = 0; i < samples; ++i) {
      values[p].push_back(sequence == Sequence::random
                              ? draw(distribution, name, KeyedRandom({seed, key, i}))
                              : value_at(distribution, name, places[i]));
    }
  }
  return values;
}

}  // namespace

Axis random_axis(const toml::table& random, const std::string& file) {
  if (random.get("samples") == nullptr) {
    throw Error("[sweep.random] has no samples", place(random, file), "add samples = 20");
  }
  const auto samples = static_cast<std::size_t>(
      toml_reading::whole_number_at(random, "samples", 1, kMostSamples, 0, file));
  const auto seed = static_cast<std::uint64_t>(
      toml_reading::whole_number_at(random, "seed", 0, kMostSamples, 0, file));
  const Sequence sequence = sequence_of(random, file);
  const std::vector<RandomParameter> parameters = parameters_of(random, file);
  if (sequence == Sequence::sobol && parameters.size() > search::kMostSobolDimensions) {
    throw Error(fmt::format("sequence = \"sobol\" draws at most {} parameters",
                            search::kMostSobolDimensions),
                place(random, file), "leave sequence out");
  }
  auto values = drawn_values(sequence, parameters, seed, samples);

  const std::filesystem::path folder = toml_reading::folder_of(file);
  Axis axis{Axis::Kind::random, {}};
  axis.points.resize(samples);
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const auto& [name, distribution] = parameters[p];
    for (std::size_t i = 0; i < samples; ++i) {
      axis.points[i].push_back({name, std::move(values[p][i]), distribution.where, folder, {}});
    }
  }
  return axis;
}

}  // namespace epochal
