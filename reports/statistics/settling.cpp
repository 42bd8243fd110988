// When a series settles near its end.

#include "reports/statistics/settling.h"

#include <algorithm>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>

#include "reports/statistics/local_course.h"
#include "reports/statistics/student.h"

namespace epochal::report {
namespace {

/// Variances relative to that of one epoch, for normal noise: of a surprise (simulated), of the
/// median of five; and, times the number of values, of a median of many (π/2).
constexpr double kVarianceOfSurprise = 1.35;
constexpr double kVarianceOfFive = 0.287;
constexpr double kVarianceOfMedian = 1.57;

struct Deviations {
  std::vector<double> from_end;  ///< of the smoothed series, without sign
  double allowed = 0;
  double error = 0;  ///< standard error of each
};

Deviations deviations_of(const Course& course, double distance) {
  const std::size_t count = course.values.size();
  const std::size_t last = std::max<std::size_t>(3, count / 5);
  std::vector<double> tail(course.values.end() - static_cast<std::ptrdiff_t>(last),
                           course.values.end());
  const double end = boost::math::statistics::median(tail);
  Deviations deviations;
  for (const double value : smoothed(course)) deviations.from_end.push_back(std::abs(value - end));
  deviations.allowed = course.is_logarithmic ? std::log1p(distance) : distance * std::abs(end);
  deviations.error = usual_surprise(surprises(course)) / std::sqrt(kVarianceOfSurprise) *
                     std::sqrt(kVarianceOfFive + kVarianceOfMedian / static_cast<double>(last));
  return deviations;
}

/// The index from which on every deviation is at most `most`; one past the last if there is none.
std::size_t stays_within(const std::vector<double>& deviations, double most) {
  const auto outside = std::find_if(deviations.rbegin(), deviations.rend(),
                                    [&](double deviation) { return deviation > most; });
  return static_cast<std::size_t>(deviations.rend() - outside);
}

}  // namespace

std::optional<Settling> settling_of(const store::Series& series, double distance, double level) {
  const auto course = course_of(series, kFewestEpochsForSettling);
  if (!course) return std::nullopt;
  const Deviations deviations = deviations_of(*course, distance);
  const std::size_t count = course->values.size();
  const double degrees = degrees_of_course(*course);
  // Any of the later epochs may be outside by chance, so all of them share the level. To be inside
  // at all of them needs no such correction.
  const double outside = student_quantile(1 - level / 2 / static_cast<double>(count), degrees);
  const double inside = student_quantile(1 - level / 2, degrees);
  const std::size_t earliest =
      std::min(stays_within(deviations.from_end, deviations.allowed + outside * deviations.error),
               count - 1);
  const std::size_t latest =
      stays_within(deviations.from_end, deviations.allowed - inside * deviations.error);
  const auto at = std::find_if(deviations.from_end.begin() + static_cast<std::ptrdiff_t>(earliest),
                               deviations.from_end.end() - 1,
                               [&](double value) { return value <= deviations.allowed; });
  Settling settling;
  settling.epoch = course->epochs[static_cast<std::size_t>(at - deviations.from_end.begin())];
  settling.earliest = course->epochs[earliest];
  if (latest < count) settling.latest = course->epochs[latest];
  return settling;
}

}  // namespace epochal::report
