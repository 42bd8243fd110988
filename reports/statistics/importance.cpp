// One-way analysis of variance for each parameter.

#include "reports/statistics/importance.h"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <functional>
#include <map>

#include "reports/statistics/seed_statistics.h"
#include "reports/statistics/settings.h"

namespace epochal::report {
namespace {

constexpr std::size_t kFewestRuns = 12;
constexpr std::size_t kBins = 5;

struct Observation {
  const ReportedRun* run = nullptr;
  double value = 0;
};

/// Outcomes by the value of a parameter, or by the bin of its value.
std::vector<std::vector<double>> groups_by(const std::vector<Observation>& observations,
                                           const std::string& name) {
  std::map<std::string, std::vector<double>> by_text;
  std::vector<std::pair<double, double>> by_number;
  for (const Observation& observation : observations) {
    const ParameterValue* value = observation.run->run.parameters.find(name);
    by_text[value == nullptr ? "" : to_text(*value)].push_back(observation.value);
    const auto number = number_of(*observation.run, name);
    if (number && std::isfinite(*number)) by_number.emplace_back(*number, observation.value);
  }
  std::vector<std::vector<double>> groups;
  if (by_text.size() <= kBins || by_number.size() < observations.size()) {
    for (auto& [text, values] : by_text) groups.push_back(std::move(values));
    return groups;
  }
  std::sort(by_number.begin(), by_number.end());
  groups.resize(kBins);
  for (std::size_t i = 0; i < by_number.size(); ++i) {
    groups[i * kBins / by_number.size()].push_back(by_number[i].second);
  }
  return groups;
}

/// One observation a setting: the mean over its seeds.
std::vector<Observation> means_of_settings(const std::vector<Observation>& observations) {
  std::map<std::string, std::vector<Observation>> by_setting;
  for (const Observation& observation : observations) {
    by_setting[observation.run->run.group_identity].push_back(observation);
  }
  std::vector<Observation> means;
  for (const auto& [setting, seeds] : by_setting) {
    double sum = 0;
    for (const Observation& seed : seeds) sum += seed.value;
    means.push_back({seeds.front().run, sum / static_cast<double>(seeds.size())});
  }
  return means;
}

double squares_around(const std::vector<double>& values, double centre) {
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  return sum;
}

/// The chance of means that differ so much if the parameter does nothing; none without a test.
std::optional<double> chance_of(const std::vector<Observation>& settings, const std::string& name) {
  const auto groups = groups_by(settings, name);
  const auto levels = static_cast<double>(groups.size());
  const auto count = static_cast<double>(settings.size());
  if (levels < 2 || count <= levels) return std::nullopt;
  std::vector<double> all;
  double within = 0;
  for (const auto& group : groups) {
    within += squares_around(group, spread_of(group)->mean);
    all.insert(all.end(), group.begin(), group.end());
  }
  const double between = squares_around(all, spread_of(all)->mean) - within;
  if (!(between > 0)) return 1;
  if (!(within > 0)) return 0;
  const double f = between / (levels - 1) / (within / (count - levels));
  if (!std::isfinite(f)) return std::nullopt;  // too large to compute with
  return boost::math::cdf(
      boost::math::complement(boost::math::fisher_f(levels - 1, count - levels), f));
}

void add_chances(const std::vector<Observation>& observations, std::vector<Importance>& found) {
  const std::vector<Observation> settings = means_of_settings(observations);
  std::vector<double> p_values;
  for (Importance& one : found) {
    one.p = chance_of(settings, one.parameter);
    if (one.p) p_values.push_back(*one.p);
  }
  const std::vector<double> adjusted = holm(p_values);
  std::size_t tested = 0;
  for (Importance& one : found) {
    if (one.p) one.p = adjusted[tested++];
  }
}

}  // namespace

std::vector<Importance> importance_of(const ReportData& data,
                                      const std::vector<const ReportedRun*>& runs) {
  std::vector<Observation> observations;
  std::vector<double> all;
  for (const ReportedRun* run : runs) {
    const auto last = last_value(*run, data.main_metric);
    if (!last || !std::isfinite(*last)) continue;
    observations.push_back({run, *last});
    all.push_back(*last);
  }
  if (observations.size() < kFewestRuns) return {};
  const double total = squares_around(all, spread_of(all)->mean);
  if (!(total > 0)) return {};

  std::vector<Importance> result;
  for (const std::string& name : data.varying) {
    const auto groups = groups_by(observations, name);
    double within = 0;
    for (const auto& group : groups) within += squares_around(group, spread_of(group)->mean);
    const auto count = static_cast<double>(observations.size());
    const auto levels = static_cast<double>(groups.size());
    if (levels < 2 || count <= levels) continue;  // every run has its own value
    const double share = (total - within - (levels - 1) * within / (count - levels)) / total;
    result.push_back({name, std::clamp(share, 0.0, 1.0)});
  }
  add_chances(observations, result);
  std::ranges::stable_sort(result, std::greater{}, &Importance::share);
  return result;
}

}  // namespace epochal::report
