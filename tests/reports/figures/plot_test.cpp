#include "reports/figures/plot.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal::report {
namespace {

Plot plot_of(const std::vector<std::pair<double, double>>& points) {
  Plot plot;
  plot.name = "p";
  plot.title = "title";
  plot.curves = {{"curve", 0, Curve::Stroke::solid, points}};
  return plot;
}

TEST(Plot, DrawsSvgPngAndAScriptThatDrawsThemAgain) {
  const test::TemporaryFolder folder;
  draw({plot_of({{1, 2}, {2, 1}})}, folder.path());
  EXPECT_NE(test::read_file(folder / "p.svg").find("<svg"), std::string::npos);
  EXPECT_EQ(test::read_file(folder / "p.png").substr(1, 3), "PNG");
  const std::string script = test::read_file(folder / "p.gp");
  EXPECT_NE(script.find("1 2\n2 1\n"), std::string::npos);
  EXPECT_EQ(script.find(folder.path().string()), std::string::npos);
}

TEST(Plot, DrawsSinglePointsGapsAndInfinities) {
  const test::TemporaryFolder folder;
  Plot gaps = plot_of({{1, 2}, {2, NAN}, {3, INFINITY}, {4, 1}});
  gaps.name = "gaps";
  Plot single = plot_of({{1, 2}});
  single.y_axis = AxisScale::logarithmic;
  draw({gaps, single}, folder.path());
  EXPECT_TRUE(std::filesystem::exists(folder / "gaps.svg"));
  EXPECT_TRUE(std::filesystem::exists(folder / "p.svg"));
  EXPECT_FALSE(plot_of({{1, NAN}}).has_points());
}

TEST(Plot, MarksFewWholeNumbersAndNoneBetween) {
  const test::TemporaryFolder folder;
  Plot epochs = plot_of({{1, 2}, {5, 1}});
  Plot rates = plot_of({{1, 2}, {1.5, 1}});
  rates.name = "rates";
  Plot many = plot_of({{1, 2}, {50, 1}});
  many.name = "many";
  draw({epochs, rates, many}, folder.path());
  EXPECT_NE(test::read_file(folder / "p.gp").find("set xtics 1\n"), std::string::npos);
  EXPECT_EQ(test::read_file(folder / "p.svg").find(">1.5<"), std::string::npos);
  EXPECT_EQ(test::read_file(folder / "rates.gp").find("set xtics 1\n"), std::string::npos);
  EXPECT_EQ(test::read_file(folder / "many.gp").find("set xtics 1\n"), std::string::npos);
}

TEST(Plot, DrawsBandsAndHeatMaps) {
  const test::TemporaryFolder folder;
  Plot band = plot_of({{1, 2}, {2, 3}});
  band.name = "band";
  band.bands = {{0, {{1, 1, 3}, {2, NAN, 4}, {3, 2, 4}}}};
  Plot map;
  map.name = "map";
  map.cells = {"loss", {{1, 2}, {NAN, 4}}};
  map.x_ticks = {{0, "it's"}, {1, "`touch proof`"}};
  map.y_ticks = {{0, "a"}, {1, "b"}};
  EXPECT_TRUE(map.has_points());
  draw({band, map}, folder.path());
  EXPECT_NE(test::read_file(folder / "band.gp").find("1 1 3\n3 2 4\n"), std::string::npos);
  const std::string drawn = test::read_file(folder / "map.svg");
  EXPECT_NE(drawn.find("`touch proof`"), std::string::npos);
  EXPECT_NE(drawn.find(">4<"), std::string::npos) << "each cell says its value";
  EXPECT_FALSE(std::filesystem::exists(folder / "proof"));
}

TEST(Plot, BeginsAtZeroWhereItShall) {
  const test::TemporaryFolder folder;
  Plot plot = plot_of({{1, 200}, {2, 300}});
  plot.name = "rate";
  plot.y_from_zero = true;
  draw({plot}, folder.path());
  EXPECT_NE(test::read_file(folder / "rate.gp").find("set yrange [0:*]"), std::string::npos);
  EXPECT_NE(test::read_file(folder / "rate.svg").find("> 0<"), std::string::npos);
}

TEST(Plot, RunsNothingThatStandsInATitle) {
  const test::TemporaryFolder folder;
  Plot plot = plot_of({{1, 2}, {2, 3}});
  const std::string proof = folder / "proof";
  plot.title = "`touch " + proof + "` ' . system('touch " + proof + "') . '";
  plot.curves[0].label = "\"`touch " + proof + "`\"\n!touch " + proof;
  plot.x_label = "@macro $(touch " + proof + ") <&>";
  draw({plot}, folder.path());
  EXPECT_FALSE(std::filesystem::exists(proof));
  EXPECT_NE(test::read_file(folder / "p.svg").find("&lt;"), std::string::npos);
}

TEST(Plot, WorksInAFolderWithAnAwkwardName) {
  const test::TemporaryFolder folder;
  const auto awkward = folder / "it's a `folder` & more";
  std::filesystem::create_directory(awkward);
  draw({plot_of({{1, 2}})}, awkward);
  EXPECT_TRUE(std::filesystem::exists(awkward / "p.svg"));
}

TEST(Plot, ScaleIsLogarithmicWhereItHelps) {
  const auto scale = [](std::vector<std::pair<double, double>> points) {
    return helpful_scale(plot_of(points).curves, Direction::y, 8);
  };
  EXPECT_EQ(scale({{1, 1}, {2, 100}}), AxisScale::logarithmic);
  EXPECT_EQ(scale({{1, 1}, {2, 5}}), AxisScale::linear);
  EXPECT_EQ(scale({{1, 0}, {2, 100}}), AxisScale::linear);
  EXPECT_EQ(scale({{1, NAN}}), AxisScale::linear);
}

TEST(Plot, SaysWhatToInstallWithoutGnuplot) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/no/such/folder", 1);
  test::expect_error("apt-get install gnuplot-nox", [] { require_gnuplot(); });
  setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace epochal::report
