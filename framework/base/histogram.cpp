// A histogram as JSON, read with bounds.

#include "framework/base/histogram.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "framework/base/bounded_json.h"

namespace epochal {
namespace {

using nlohmann::json;

/// The numbers of a list; none if it is not a list of finite numbers.
std::optional<std::vector<double>> finite_numbers(const json& object, const char* name) {
  const auto list = object.find(name);
  if (list == object.end() || !list->is_array() || list->size() > kMostBins + 1) return {};
  std::vector<double> numbers;
  for (const json& value : *list) {
    if (!value.is_number() || !std::isfinite(value.get<double>())) return std::nullopt;
    numbers.push_back(value.get<double>());
  }
  return numbers;
}

std::optional<Histogram> histogram_in(const json& whole) {
  if (!whole.is_object() || whole.size() != 1 || !whole.contains("histogram")) return {};
  const json& object = whole["histogram"];
  if (!object.is_object()) return std::nullopt;
  const auto edges = finite_numbers(object, "edges");
  const auto counts = finite_numbers(object, "counts");
  if (!edges || !counts || counts->empty() || edges->size() != counts->size() + 1) return {};
  const bool rises = std::ranges::adjacent_find(*edges, std::greater_equal()) == edges->end();
  const bool has_negative = std::ranges::any_of(*counts, [](double count) { return count < 0; });
  if (!rises || has_negative) return std::nullopt;
  return Histogram{*edges, *counts};
}

}  // namespace

std::optional<Histogram> read_histogram(std::string_view text) {
  // Most JSON is not a histogram: this check avoids parsing it.
  if (text.size() > kLongestHistogram || text.find("\"histogram\"") == text.npos) return {};
  constexpr int kDeepest = 3;
  return histogram_in(bounded_json(text, kDeepest));
}

}  // namespace epochal
