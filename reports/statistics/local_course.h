#pragma once

#include <optional>
#include <vector>

#include "db/records.h"

namespace epochal::report {

/// The values of a series that are fitted: logarithms if all are positive, since the noise of a
/// loss grows with the loss.
struct Course {
  std::vector<Epoch> epochs;
  std::vector<double> values;
  bool is_logarithmic = false;
};

/// None with fewer than `fewest` epochs, or if a value is not finite or too large to compute with.
std::optional<Course> course_of(const store::Series& series, std::size_t fewest);

/// For each epoch its value minus the value that the two epochs before and the two after make
/// likely: the line of repeated medians through them (Siegel, Biometrika 1982), which one odd value
/// among them does not move far. NaN for the first and the last epoch, which have neighbours on one
/// side only.
std::vector<double> surprises(const Course& course);

/// The median of the five epochs around each, of the last five at the end, and of fewer at the
/// beginning. It leaves a series that only falls or only grows as it is, but for its end.
std::vector<double> smoothed(const Course& course);

/// The usual size of surprises: their median absolute deviation, scaled to be the standard
/// deviation of normal ones (Rousseeuw and Croux, JASA 1993).
double usual_surprise(const std::vector<double>& surprises);

/// Degrees of freedom of usual_surprise(). It ignores half of the values.
double degrees_of_course(const Course& course);

}  // namespace epochal::report
