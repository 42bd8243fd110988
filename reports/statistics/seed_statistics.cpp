// Student's t over seeds, and over the samples of a validation set.

#include "reports/statistics/seed_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace epochal::report {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kConfidenceOfOneSidedTests = 0.90;

std::vector<double> plain(const SeedValues& values) {
  std::vector<double> result;
  for (const auto& [seed, value] : values) result.push_back(value);
  return result;
}

bool have_same_seeds(const SeedValues& a, const SeedValues& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

Estimate paired(const SeedValues& from, const SeedValues& to) {
  std::vector<double> differences;
  for (const auto& [seed, value] : to) differences.push_back(value - from.at(seed));
  return estimate_of(differences);
}

Estimate welch(const SeedValues& from, const SeedValues& to) {
  const Estimate a = estimate_of(plain(from));
  const Estimate b = estimate_of(plain(to));
  return with_errors(b.value - a.value, a, b);
}

/// The distance between two values in standard errors; infinite for constants that differ.
double distance(double above, double below, double error) {
  if (error > 0) return (above - below) / error;
  return above == below ? 0 : above > below ? kInfinity : -kInfinity;
}

/// The mean over seeds of each sample; empty if the seeds have different numbers of them.
std::vector<double> means_of_samples(const SampleValues& values) {
  if (values.empty()) return {};
  std::vector<double> means(values.begin()->second.size(), 0);
  for (const auto& [seed, losses] : values) {
    if (losses.size() != means.size()) return {};
    for (std::size_t i = 0; i < losses.size(); ++i) {
      means[i] += losses[i] / static_cast<double>(values.size());
    }
  }
  return means;
}

/// Divides by the mean: a difference of such numbers is, to first order, one of logarithms.
SampleValues relative_to_mean(const SampleValues& values) {
  SampleValues result = values;
  for (auto& [seed, losses] : result) {
    const double mean = std::accumulate(losses.begin(), losses.end(), 0.0) /
                        static_cast<double>(std::max<std::size_t>(losses.size(), 1));
    for (double& loss : losses) loss /= mean;
  }
  return result;
}

}  // namespace

Estimate SeedDifference::whole() const {
  if (!over_samples) return over_seeds;
  return with_uneven_errors(over_seeds.value, over_seeds, *over_samples);
}

SeedComparison comparison_of(const SeedDifference& difference, Interval target) {
  const Estimate estimate = difference.whole();
  SeedComparison comparison;
  comparison.estimate = estimate.value;
  comparison.interval = interval_around(estimate);
  comparison.difference = difference;
  comparison.target = target;
  const double above_low =
      std::isinf(target.low) ? kInfinity : distance(estimate.value, target.low, estimate.error);
  const double below_high =
      std::isinf(target.high) ? kInfinity : distance(target.high, estimate.value, estimate.error);
  comparison.p_inside =
      std::min(1.0, 2 * std::max(student_upper_tail(above_low, estimate.degrees),
                                 student_upper_tail(below_high, estimate.degrees)));
  comparison.p_outside =
      std::min(1.0, 2 * std::min(student_upper_tail(-above_low, estimate.degrees),
                                 student_upper_tail(-below_high, estimate.degrees)));
  return comparison;
}

std::optional<Estimate> sample_difference(const SampleValues& from, const SampleValues& to) {
  const std::vector<double> first = means_of_samples(from);
  std::vector<double> differences = means_of_samples(to);
  if (differences.size() < 2 || first.size() != differences.size()) return std::nullopt;
  for (std::size_t i = 0; i < first.size(); ++i) differences[i] -= first[i];
  const Estimate estimate = estimate_of(differences);
  if (!estimate.is_finite()) return std::nullopt;
  return estimate;
}

std::optional<SeedComparison> difference(const SeedValues& from, const SeedValues& to,
                                         Interval target, const ComparedSamples& samples) {
  if (from.size() < 2 || to.size() < 2) return std::nullopt;
  SeedDifference found;
  found.is_paired = have_same_seeds(from, to);
  found.over_seeds = found.is_paired ? paired(from, to) : welch(from, to);
  found.over_samples = sample_difference(samples.from, samples.to);
  if (!found.whole().is_finite()) return std::nullopt;
  return comparison_of(found, target);
}

std::optional<SeedComparison> ratio(const SeedValues& from, const SeedValues& to, Interval target,
                                    const ComparedSamples& samples) {
  const auto logarithms = [](const SeedValues& values) {
    SeedValues logs;
    for (const auto& [seed, value] : values) logs[seed] = std::log(value);
    return logs;
  };
  const auto is_positive = [](const auto& entry) { return entry.second > 0; };
  if (!std::ranges::all_of(from, is_positive) || !std::ranges::all_of(to, is_positive)) {
    return std::nullopt;
  }
  auto comparison =
      difference(logarithms(to), logarithms(from), {std::log(target.low), std::log(target.high)},
                 {relative_to_mean(samples.to), relative_to_mean(samples.from)});
  if (!comparison) return std::nullopt;
  comparison->estimate = std::exp(comparison->estimate);
  comparison->interval = {std::exp(comparison->interval.low), std::exp(comparison->interval.high)};
  return comparison;
}

SeedComparison equivalence(SeedComparison comparison) {
  comparison.interval = interval_around(comparison.difference.whole(), kConfidenceOfOneSidedTests);
  comparison.p_inside /= 2;
  return comparison;
}

SeedComparison equivalence_of_ratio(SeedComparison comparison) {
  comparison = equivalence(comparison);
  comparison.interval = {std::exp(comparison.interval.low), std::exp(comparison.interval.high)};
  return comparison;
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double highest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double factor = static_cast<double>(order.size() - rank);
    highest = std::max(highest, std::min(1.0, factor * p_values[order[rank]]));
    adjusted[order[rank]] = highest;
  }
  return adjusted;
}

}  // namespace epochal::report
