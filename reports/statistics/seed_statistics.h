#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "reports/statistics/student.h"

namespace epochal::report {

/// One number for each seed.
using SeedValues = std::map<std::uint64_t, double>;

/// The losses of the samples of a validation set, for each seed; all seeds have the same samples
/// in the same order.
using SampleValues = std::map<std::uint64_t, std::vector<double>>;

/// Fewer seeds on a side decide nothing: with two, an interval is extremely wide.
constexpr std::size_t kFewestSeeds = 3;

/// A number of two settings, compared over their seeds, in the unit in which it is tested: for
/// ratio() a logarithm.
struct SeedDifference {
  Estimate over_seeds;
  std::optional<Estimate> over_samples;  ///< the error of the validation set alone
  bool is_paired = false;                ///< both sides have the same seeds, which were paired

  /// With both errors.
  Estimate whole() const;
};

/// A difference or a ratio, tested for lying in a target.
struct SeedComparison {
  double estimate = 0;
  Interval interval;  ///< 95 %, or 90 % for two one-sided tests at the 5 % level
  SeedDifference difference;
  Interval target;  ///< in the unit of `difference`
  /// p values for the true number being inside, and outside, of the target: two-sided, but that of
  /// equivalence() for being inside is the larger one of its two one-sided tests.
  double p_inside = 1;
  double p_outside = 1;

  bool is_paired() const { return difference.is_paired; }
};

/// Losses by picture of both sides of a comparison.
struct ComparedSamples {
  SampleValues from;
  SampleValues to;
};

/// The mean of `to` minus the mean of `from`, tested for lying in `target`: with the paired t
/// interval if both sides have the same seeds, otherwise with Welch's (Welch, Biometrika 1947).
/// With `samples`, the error of their validation set is added to that of the seeds. None with
/// fewer than two seeds on a side, or if the values are too large to compute with.
std::optional<SeedComparison> difference(const SeedValues& from, const SeedValues& to,
                                         Interval target, const ComparedSamples& samples = {});

/// The ratio of `from` to `to`, by their geometric means: difference() of logarithms, whose
/// interval has the ratio's ends as logarithms. None also if a value is not positive.
std::optional<SeedComparison> ratio(const SeedValues& from, const SeedValues& to, Interval target,
                                    const ComparedSamples& samples = {});

/// Turns a comparison into two one-sided tests for lying inside the target (Schuirmann, Journal of
/// Pharmacokinetics and Biopharmaceutics 1987), with the 90 % interval that belongs to them.
SeedComparison equivalence(SeedComparison comparison);

/// The same for a ratio.
SeedComparison equivalence_of_ratio(SeedComparison comparison);

/// Tests an estimate, such as the mean of a number over seeds, for lying in `target`.
SeedComparison comparison_of(const SeedDifference& difference, Interval target);

/// The mean over samples of `to` minus `from`, each averaged over its seeds, with the error of the
/// samples. None with fewer than two samples, or if a seed has other ones.
std::optional<Estimate> sample_difference(const SampleValues& from, const SampleValues& to);

/// p values of several tests, adjusted so that each can be compared with the same level (Holm,
/// Scandinavian Journal of Statistics 1979), in the given order.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace epochal::report
