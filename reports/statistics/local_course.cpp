// Robust local lines through the epochs of a series.

#include "reports/statistics/local_course.h"

#include <algorithm>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>
#include <limits>

namespace epochal::report {
namespace {

constexpr std::size_t kReach = 2;  ///< epochs on each side
constexpr double kLargestValue = 1e150;

double course_median(std::vector<double> values) {
  return boost::math::statistics::median(values);
}

/// The value at `epoch` of the repeated-median line through these points of a course.
double line_value(const Course& course, const std::vector<std::size_t>& points, Epoch epoch) {
  std::vector<double> slopes;
  for (const std::size_t from : points) {
    std::vector<double> of_point;
    for (const std::size_t to : points) {
      if (to == from) continue;
      of_point.push_back((course.values[to] - course.values[from]) /
                         (course.epochs[to] - course.epochs[from]));
    }
    slopes.push_back(course_median(std::move(of_point)));
  }
  const double slope = course_median(std::move(slopes));
  std::vector<double> heights;
  for (const std::size_t point : points) {
    heights.push_back(course.values[point] - slope * (course.epochs[point] - epoch));
  }
  return course_median(std::move(heights));
}

/// The epochs around one: two on each side, and at the ends of the series the nearest ones.
std::vector<std::size_t> epochs_around(const Course& course, std::size_t centre) {
  const std::size_t count = course.values.size();
  const std::size_t wide = std::min(2 * kReach, count - 1);
  const std::size_t first = std::min(centre - std::min(centre, kReach), count - 1 - wide);
  std::vector<std::size_t> points;
  for (std::size_t i = first; i <= first + wide; ++i) points.push_back(i);
  return points;
}

}  // namespace

std::optional<Course> course_of(const store::Series& series, std::size_t fewest) {
  if (series.size() < fewest) return std::nullopt;
  Course course;
  course.is_logarithmic =
      std::all_of(series.begin(), series.end(), [](const auto& point) { return point.value > 0; });
  const double most = course.is_logarithmic ? std::numeric_limits<double>::max() : kLargestValue;
  for (const store::SeriesPoint& point : series) {
    if (!(std::abs(point.value) <= most)) return std::nullopt;
    course.epochs.push_back(point.epoch);
    course.values.push_back(course.is_logarithmic ? std::log(point.value) : point.value);
  }
  return course;
}

std::vector<double> surprises(const Course& course) {
  const std::size_t count = course.values.size();
  std::vector<double> result(count, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 1; i + 1 < count; ++i) {
    std::vector<std::size_t> others = epochs_around(course, i);
    std::erase(others, i);
    result[i] = course.values[i] - line_value(course, others, course.epochs[i]);
  }
  return result;
}

std::vector<double> smoothed(const Course& course) {
  std::vector<double> result;
  for (std::size_t i = 0; i < course.values.size(); ++i) {
    std::vector<double> values;
    for (const std::size_t point : epochs_around(course, i)) {
      // Later epochs alone would make a beginning out of what follows it.
      if (point <= 2 * i) values.push_back(course.values[point]);
    }
    result.push_back(course_median(std::move(values)));
  }
  return result;
}

double usual_surprise(const std::vector<double>& surprises) {
  constexpr double kOfNormal = 1.4826;
  std::vector<double> known;
  for (const double surprise : surprises) {
    if (std::isfinite(surprise)) known.push_back(surprise);
  }
  if (known.empty()) return 0;
  const double centre = course_median(known);
  for (double& surprise : known) surprise = std::abs(surprise - centre);
  return kOfNormal * course_median(std::move(known));
}

double degrees_of_course(const Course& course) {
  return static_cast<double>(course.values.size()) / 2;
}

}  // namespace epochal::report
