#include "reports/figures/histogram_drawing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace epochal::report {
namespace {

std::size_t bars_in(const std::string& svg) {
  return static_cast<std::size_t>(std::count(svg.begin(), svg.end(), 'M'));
}

TEST(HistogramDrawing, AreasAreCounts) {
  // The second bin is twice as wide: as many values make half the height of 142.
  const std::string svg = histogram_svg({{0, 1, 3}, {4, 4}});
  EXPECT_NE(svg.find("M0.0 160.0V18.0H160.0V160.0Z"), std::string::npos) << svg;
  EXPECT_NE(svg.find("M160.0 160.0V89.0H480.0V160.0Z"), std::string::npos) << svg;
  EXPECT_NE(svg.find(">8 values in 2 bins<"), std::string::npos) << svg;
}

TEST(HistogramDrawing, ManyBinsAreDrawnTogether) {
  Histogram histogram{{0}, {}};
  for (int i = 1; i <= 1000; ++i) {
    histogram.edges.push_back(i);
    histogram.counts.push_back(1);
  }
  const std::string svg = histogram_svg(histogram);
  EXPECT_EQ(bars_in(svg), 112u);
  EXPECT_NE(svg.find(">1000 values in 1000 bins<"), std::string::npos) << svg;
}

TEST(HistogramDrawing, NumbersBeyondAllBoundsLeaveNoTrace) {
  constexpr double kMost = std::numeric_limits<double>::max();
  for (const Histogram& hostile : {Histogram{{-kMost, 0, kMost}, {kMost, kMost}},
                                   Histogram{{0, 5e-324}, {1}}, Histogram{{0, 1}, {0}}}) {
    const std::string svg = histogram_svg(hostile);
    const std::string path = svg.substr(svg.find(" d="), svg.find("/>") - svg.find(" d="));
    EXPECT_EQ(path.find("nan"), std::string::npos) << svg;
    EXPECT_EQ(path.find("inf"), std::string::npos) << svg;
  }
}

}  // namespace
}  // namespace epochal::report
