#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace epochal::report {

/// One curve of a plot. Points that are not finite leave a gap.
struct Curve {
  /// `faint`: a thin line behind the others; `fit`: a thin dashed line without points.
  enum class Stroke { solid, dashed, points, faint, fit };

  std::string label;  ///< empty: not in the legend
  int colour = 0;     ///< index into a palette that the colour-blind can tell apart
  Stroke stroke = Stroke::solid;
  std::vector<std::pair<double, double>> points;
};

/// The area between two curves, filled with a pale colour behind everything.
struct Band {
  struct Point {
    double x = 0;
    double low = 0;
    double high = 0;
  };
  int colour = 0;
  std::vector<Point> points;
};

/// "solid", "dashed", …
std::string_view name_of(Curve::Stroke stroke);

/// Squares of a heat map: the one at row r and column c is centred at (c, r). NaN stays empty.
struct Cells {
  std::string label;  ///< of the values
  std::vector<std::vector<double>> rows;

  bool any() const { return !rows.empty(); }
};

enum class AxisScale { linear, logarithmic };

/// A line plot, drawn by gnuplot.
struct Plot {
  std::string name;  ///< of its files: "val-total-by-epoch"
  std::string title;
  std::string x_label;
  std::string y_label;
  AxisScale x_axis = AxisScale::linear;
  AxisScale y_axis = AxisScale::linear;
  bool y_from_zero = false;   ///< if the axis is linear: makes heights comparable
  std::vector<Curve> curves;  ///< later ones over earlier ones
  std::vector<Band> bands;
  std::vector<std::pair<double, std::string>> x_ticks;  ///< instead of numbers
  std::vector<std::pair<double, std::string>> y_ticks;
  Cells cells;  ///< filled from pale to dark by value, under the curves

  /// Whether there is any finite point to draw.
  bool has_points() const;
};

enum class Direction { x, y };

/// Logarithmic if all finite values are positive and span more than `factor`.
AxisScale helpful_scale(const std::vector<Curve>& curves, Direction direction, double factor);

/// Throws Error, with what to install, if gnuplot is not found in PATH.
void require_gnuplot();

/// Draws each plot into `folder` as NAME.svg and NAME.png, and leaves NAME.gp, the gnuplot script
/// with the data inside, that draws it again. Throws Error with gnuplot's message if it fails.
void draw(const std::vector<Plot>& plots, const std::filesystem::path& folder);

}  // namespace epochal::report
