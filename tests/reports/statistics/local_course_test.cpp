// Local lines against SciPy's siegelslopes and median_abs_deviation (golden_values.py).

#include "reports/statistics/local_course.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/reports/reported_series.h"

namespace epochal::report {
namespace {

TEST(LocalCourse, SurprisesAgreeWithAnIndependentImplementation) {
  const auto course = course_of(numbered({9, 7, 6, 5.5, 7.5, 4.6, 4.4, 4.1, 4.0}), 5);
  ASSERT_TRUE(course && course->is_logarithmic);
  const std::vector<double> found = surprises(*course);
  const std::vector<double> expected{-0.048581874, -0.098936351, -0.031235134, 0.397166305,
                                     -0.031811229, -0.003338124, -0.022962477};
  ASSERT_EQ(found.size(), expected.size() + 2);
  EXPECT_TRUE(std::isnan(found.front()) && std::isnan(found.back()));
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i + 1], expected[i], 1e-9);
  EXPECT_NEAR(usual_surprise(found), 0.025718277, 1e-9);
}

TEST(LocalCourse, AStraightLineHoldsNoSurprise) {
  const auto course = course_of(numbered({-3, -1, 1, 3, 5, 7}), 5);
  ASSERT_TRUE(course);
  EXPECT_FALSE(course->is_logarithmic) << "not all values are positive";
  EXPECT_NEAR(usual_surprise(surprises(*course)), 0, 1e-12);
  EXPECT_EQ(smoothed(*course), (std::vector<double>{-3, -1, 1, 3, 3, 3})) << "medians of five";
}

TEST(LocalCourse, NeedsEpochsAndFiniteValues) {
  EXPECT_FALSE(course_of(numbered({1, 2, 3}), 4));
  EXPECT_FALSE(course_of(numbered({1, 2, NAN, 3}), 4));
  EXPECT_FALSE(course_of(numbered({1, -1.7e308, 1.7e308, 3}), 4));
}

}  // namespace
}  // namespace epochal::report
