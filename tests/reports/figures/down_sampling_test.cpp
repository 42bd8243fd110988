#include "reports/figures/down_sampling.h"

#include <gtest/gtest.h>

#include <cmath>

namespace epochal::report {
namespace {

Plot plot_through(std::vector<std::pair<double, double>> points) {
  Plot plot;
  plot.curves = {{"curve", 0, Curve::Stroke::solid, std::move(points)}};
  return plot;
}

std::vector<std::pair<double, double>> wave(int count) {
  std::vector<std::pair<double, double>> points;
  for (int i = 0; i < count; ++i) points.emplace_back(i, std::sin(0.01 * i));
  return points;
}

TEST(DownSampling, LeavesShortCurvesAlone) {
  Plot plot = plot_through(wave(500));
  const auto before = plot.curves.front().points;
  EXPECT_FALSE(down_sample(plot));
  EXPECT_EQ(plot.curves.front().points, before);
}

TEST(DownSampling, KeepsEndsPeaksAndOrder) {
  auto points = wave(1'000'000);
  points[654'321].second = 50;
  points[123'456].second = -50;
  Plot plot = plot_through(points);
  EXPECT_TRUE(down_sample(plot));
  const auto& kept = plot.curves.front().points;
  EXPECT_LE(kept.size(), 20'000u);
  EXPECT_GT(kept.size(), 5'000u);
  EXPECT_EQ(kept.front(), points.front());
  EXPECT_EQ(kept.back(), points.back());
  EXPECT_NE(std::find(kept.begin(), kept.end(), points[654'321]), kept.end());
  EXPECT_NE(std::find(kept.begin(), kept.end(), points[123'456]), kept.end());
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end(),
                             [](const auto& a, const auto& b) { return a.first < b.first; }));
}

TEST(DownSampling, KeepsGaps) {
  auto points = wave(100'000);
  points[60'000].second = NAN;
  Plot plot = plot_through(points);
  EXPECT_TRUE(down_sample(plot));
  const auto& kept = plot.curves.front().points;
  EXPECT_TRUE(std::any_of(kept.begin(), kept.end(), [](const auto& point) {
    return point.first == 60'000 && std::isnan(point.second);
  }));
}

TEST(DownSampling, SharesThePointsAmongTheCurvesOfAPlot) {
  Plot plot;
  for (int i = 0; i < 150; ++i) {
    plot.curves.push_back({"", i, Curve::Stroke::faint, wave(2000)});
  }
  EXPECT_TRUE(down_sample(plot));
  std::size_t count = 0;
  for (const Curve& curve : plot.curves) count += curve.points.size();
  EXPECT_LE(count, 20'000u);
}

TEST(DownSampling, KeepsTheReachOfABandAndEveryPointOfACloud) {
  Plot plot;
  Band band{0, {}};
  for (int i = 0; i < 50'000; ++i) band.points.push_back({1.0 * i, -1, 1});
  band.points[33'333].high = 9;
  band.points[44'444].low = -9;
  plot.bands = {band};
  plot.curves = {{"", 0, Curve::Stroke::points, wave(30'000)}};
  EXPECT_TRUE(down_sample(plot));
  double low = 0;
  double high = 0;
  for (const Band::Point& point : plot.bands.front().points) {
    low = std::min(low, point.low);
    high = std::max(high, point.high);
  }
  EXPECT_EQ(low, -9);
  EXPECT_EQ(high, 9);
  EXPECT_EQ(plot.bands.front().points.front().x, 0);
  EXPECT_EQ(plot.bands.front().points.back().x, 49'999);
  EXPECT_EQ(plot.curves.front().points.size(), 30'000u);
}

}  // namespace
}  // namespace epochal::report
