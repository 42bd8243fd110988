// Plots through gnuplot: gnuplot-iostream writes a script for each plot, with the data in it, and
// one gnuplot process runs them all, so that its errors and its exit code are seen.
//
// Texts from sweep files and stores reach gnuplot only through gnuplot_string().

#include "reports/figures/plot.h"

#include <fmt/format.h>
#include <gnuplot-iostream.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iomanip>
#include <limits>
#include <string_view>
#include <tuple>

#include "framework/base/disk_full.h"
#include "framework/base/printable.h"
#include "framework/system/child_process.h"
#include "framework/system/file_system.h"
#include "framework/system/installed_program.h"
#include "framework/system/whole_file.h"
#include "reports/figures/gnuplot_string.h"

namespace epochal::report {
namespace fs = std::filesystem;
namespace {

// Okabe & Ito's palette without its yellow, which is too pale on white.
constexpr std::array<std::string_view, 7> kPalette{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                   "#56b4e9", "#e69f00", "#000000"};
constexpr int kWidth = 860;
constexpr int kHeight = 480;
constexpr int kPrintScale = 2;
constexpr const char* kAdvice = "choose another folder with -o";

/// gnuplot computes in double precision: near its limits it fails or never ends.
bool is_drawable(double value) {
  constexpr double kLargest = 1e300;
  const double size = std::abs(value);
  return size == 0 || (size >= 1 / kLargest && size <= kLargest);
}

bool is_drawable_point(const std::pair<double, double>& point) {
  return is_drawable(point.first) && is_drawable(point.second);
}

/// A negative index is grey.
std::string_view colour(int index) {
  if (index < 0) return "#777777";
  return kPalette.at(static_cast<std::size_t>(index) % kPalette.size());
}

/// The colour with a transparency, as gnuplot writes them: #AARRGGBB.
std::string pale(int index, std::string_view transparency) {
  return fmt::format("#{}{}", transparency, colour(index).substr(1));
}

std::string style(const Curve& curve) {
  // More marks than this overlap and make the file large.
  constexpr std::size_t kMostMarks = 200;
  const bool has_marks = curve.points.size() <= kMostMarks;
  switch (curve.stroke) {
    case Curve::Stroke::solid:
      return fmt::format("with {} lw 2 dt solid lc rgb '{}'",
                         has_marks ? "linespoints pt 7 ps 0.4" : "lines", colour(curve.colour));
    case Curve::Stroke::dashed:
      return fmt::format("with {} lw 2 dt (8,5) lc rgb '{}'",
                         has_marks ? "linespoints pt 6 ps 0.4" : "lines", colour(curve.colour));
    case Curve::Stroke::points:
      return fmt::format("with points pt 7 ps 1.1 lc rgb '{}'", colour(curve.colour));
    case Curve::Stroke::faint:
      return fmt::format("with lines lw 0.8 dt solid lc rgb '{}'", pale(curve.colour, "99"));
    case Curve::Stroke::fit:
      return fmt::format("with lines lw 1.5 dt (6,4) lc rgb '{}'", colour(curve.colour));
  }
  return {};
}

bool is_fillable(const Band::Point& point) {
  return is_drawable(point.x) && is_drawable(point.low) && is_drawable(point.high);
}

using Triples = std::vector<std::tuple<double, double, double>>;

Triples drawable(const Cells& cells) {
  Triples triples;
  for (std::size_t y = 0; y < cells.rows.size(); ++y) {
    for (std::size_t x = 0; x < cells.rows[y].size(); ++x) {
      const double value = cells.rows[y][x];
      if (is_drawable(value)) triples.emplace_back(x, y, value);
    }
  }
  return triples;
}

Triples drawable(const Band& band) {
  Triples triples;
  for (const Band::Point& point : band.points) {
    if (is_fillable(point)) triples.emplace_back(point.x, point.low, point.high);
  }
  return triples;
}

/// NaN breaks the curve where a value is missing.
std::vector<std::pair<double, double>> drawable(const Curve& curve) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::pair<double, double>> points;
  for (const auto& point : curve.points) {
    points.push_back(is_drawable_point(point) ? point : std::pair(kNaN, kNaN));
  }
  return points;
}

/// The block of data for both pictures of a plot. gnuplot-iostream ends data with "e".
template <typename Data>
void write_block(Gnuplot& script, const std::string& name, const Data& data) {
  script << '$' << name << " << e\n";
  script.send1d(data);
}

void write_data(Gnuplot& script, const Plot& plot) {
  if (plot.cells.any()) write_block(script, "cells", drawable(plot.cells));
  for (std::size_t i = 0; i < plot.bands.size(); ++i) {
    write_block(script, fmt::format("band{}", i), drawable(plot.bands[i]));
  }
  for (std::size_t i = 0; i < plot.curves.size(); ++i) {
    write_block(script, fmt::format("curve{}", i), drawable(plot.curves[i]));
  }
}

struct Extent {
  double smallest = std::numeric_limits<double>::infinity();
  double largest = -std::numeric_limits<double>::infinity();
};

/// The range of all points that can be drawn.
Extent extent_of(const std::vector<Curve>& curves, Direction direction) {
  Extent extent;
  for (const Curve& curve : curves) {
    for (const auto& point : curve.points) {
      if (!is_drawable_point(point)) continue;
      const double value = direction == Direction::x ? point.first : point.second;
      extent.smallest = std::min(extent.smallest, value);
      extent.largest = std::max(extent.largest, value);
    }
  }
  return extent;
}

/// gnuplot extends logarithmic axes to whole decades and labels only these. Over few decades the
/// axis is limited to the points and labelled at 1, 2 and 5.
void write_log_axis(std::ostream& script, const Plot& plot, Direction direction) {
  const char axis = direction == Direction::x ? 'x' : 'y';
  script << fmt::format("set logscale {0}\nset autoscale {0}fix\n", axis);
  const auto [smallest, largest] = extent_of(plot.curves, direction);
  constexpr double kFewDecades = 1e3;
  if (smallest <= 0 || largest > kFewDecades * smallest) return;

  std::vector<std::string> ticks;
  double decade = std::pow(10, std::floor(std::log10(smallest)));
  while (decade <= largest) {
    for (const int step : {1, 2, 5}) ticks.push_back(fmt::format("{:.6g}", step * decade));
    decade *= 10;
  }
  script << fmt::format("set {}tics ({})\n", axis, fmt::join(ticks, ", "));
}

/// Widens the range of nearly equal values: their rounding would otherwise look like a trend.
void keep_flat_curves_flat(std::ostream& script, const Plot& plot) {
  constexpr double kFlat = 1e-6;
  const auto [smallest, largest] = extent_of(plot.curves, Direction::y);
  if (!(largest - smallest <= kFlat * std::abs(largest)) || largest == 0) return;
  const double reach = 0.1 * std::abs(largest);
  script << fmt::format("set yrange [{}:{}]\n", smallest - reach, largest + reach);
}

void write_ticks(std::ostream& script, char axis,
                 const std::vector<std::pair<double, std::string>>& ticks) {
  if (ticks.empty()) return;
  constexpr std::size_t kWidestRow = 80;  // letters that fit under an axis
  constexpr std::size_t kFewTicks = 4;    // long words at few ticks do not overlap
  std::vector<std::string> marks;
  std::size_t letters = 0;
  for (const auto& [at, text] : ticks) {
    marks.push_back(fmt::format("{} {}", gnuplot_string(text), at));
    letters += text.size() + 2;
  }
  script << fmt::format(
      "set {}tics ({}) noenhanced{}\n", axis, fmt::join(marks, ", "),
      axis == 'x' && ticks.size() > kFewTicks && letters > kWidestRow ? " rotate by 20 right" : "");
}

/// gnuplot puts marks between few whole numbers, as if there were an epoch 1.5.
void mark_few_whole_numbers(std::ostream& script, const Plot& plot) {
  constexpr double kFew = 10;
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  for (const Curve& curve : plot.curves) {
    for (const auto& [x, y] : curve.points) {
      if (x != std::floor(x)) return;
      least = std::min(least, x);
      most = std::max(most, x);
    }
  }
  if (most > least && most - least <= kFew) script << "set xtics 1\n";
}

void write_settings(std::ostream& script, const Plot& plot) {
  script << "set encoding utf8\nset style textbox opaque fc rgb '#ffffff' noborder\n"
         << "set title " << gnuplot_string(plot.title) << " noenhanced\n"
         << "set xlabel " << gnuplot_string(plot.x_label) << " noenhanced\n"
         << "set ylabel " << gnuplot_string(plot.y_label) << " noenhanced\n"
         << "set key noenhanced outside right top vertical Left reverse samplen 2 spacing 1.2\n"
         << "set grid lc rgb '#dddddd' lt 1\n"
         << "set border 3 lc rgb '#666666'\nset tics nomirror\n"
         // Without "fix", gnuplot extends the axis to the next round number.
         << "set autoscale xfix\n"
         << fmt::format("set offsets graph 0.02, graph 0.02, graph 0.05, {}\n",
                        plot.y_from_zero ? "0" : "graph 0.05");
  if (plot.y_axis == AxisScale::linear && plot.y_from_zero) {
    script << "set yrange [0:*]\n";
  } else if (plot.y_axis == AxisScale::linear && !plot.cells.any()) {
    keep_flat_curves_flat(script, plot);
  }
  if (!plot.y_ticks.empty()) script << "set autoscale yfix\n";
  if (!plot.x_ticks.empty() && !plot.cells.any()) {
    // Words need space at the first and the last tick.
    script << fmt::format("set xrange [{}:{}]\n", plot.x_ticks.front().first - 0.5,
                          plot.x_ticks.back().first + 0.5);
  }
  if (plot.x_axis == AxisScale::linear) mark_few_whole_numbers(script, plot);
  write_ticks(script, 'x', plot.x_ticks);
  write_ticks(script, 'y', plot.y_ticks);
  if (plot.cells.any()) {
    script << fmt::format("set cblabel {} noenhanced\n", gnuplot_string(plot.cells.label))
           // Viridis, dark for low values.
           << "set palette defined (0 '#440154', 1 '#3b528b', 2 '#21918c', 3 '#5ec962', 4 "
              "'#fde725')\n"
           << fmt::format("set xrange [-0.5:{}]\nset yrange [-0.5:{}]\nunset grid\n",
                          static_cast<double>(plot.cells.rows.front().size()) - 0.5,
                          static_cast<double>(plot.cells.rows.size()) - 0.5);
  }
  if (plot.x_axis == AxisScale::logarithmic) write_log_axis(script, plot, Direction::x);
  if (plot.y_axis == AxisScale::logarithmic) write_log_axis(script, plot, Direction::y);
}

void write_plot_command(std::ostream& script, const Plot& plot) {
  script << "plot ";
  bool is_first = true;
  if (plot.cells.any()) {
    script << "$cells using 1:2:(0.48):(0.48):3 with boxxyerror fs solid noborder lc palette "
              "notitle, $cells using 1:2:(sprintf('%.3g', $3)) with labels font ',10' "
              "textcolor rgb '#000000' boxed notitle";
    is_first = false;
  }
  for (std::size_t i = 0; i < plot.bands.size(); ++i) {
    const Band& band = plot.bands[i];
    if (std::none_of(band.points.begin(), band.points.end(), is_fillable)) continue;
    script << (is_first ? "" : ", ")
           << fmt::format(
                  "$band{} using 1:2:3 with filledcurves fs solid noborder lc rgb '{}' notitle", i,
                  pale(band.colour, "C8"));
    is_first = false;
  }
  for (std::size_t i = 0; i < plot.curves.size(); ++i) {
    const Curve& curve = plot.curves[i];
    if (std::none_of(curve.points.begin(), curve.points.end(), is_drawable_point)) continue;
    if (!is_first) script << ", ";
    is_first = false;
    script << fmt::format("$curve{} using 1:2 {} ", i, style(curve))
           << (curve.label.empty() ? "notitle" : "title " + gnuplot_string(curve.label));
  }
  script << '\n';
}

/// Throws Error or DiskFull if it cannot be written.
void write_script(const Plot& plot, const fs::path& file) {
  std::FILE* out = std::fopen(file.c_str(), "w");
  if (out == nullptr) {
    throw_write_error(std::error_code(errno, std::generic_category()), file, kAdvice);
  }
  Gnuplot script(out);  // it closes the file
  script << std::defaultfloat << std::setprecision(10);
  script << "# Drawn by epochal. Run `gnuplot " << plot.name << ".gp` here to draw it again.\n";
  write_data(script, plot);
  write_settings(script, plot);
  script << fmt::format("set terminal svg size {},{} font 'DejaVu Sans,13' background 'white'\n",
                        kWidth, kHeight)
         << "set output " << gnuplot_string(plot.name + ".svg") << '\n';
  write_plot_command(script, plot);
  script << fmt::format(
                "set terminal pngcairo size {},{} font 'DejaVu Sans,13' fontscale {} "
                "linewidth {} pointscale {} background 'white'\n",
                kWidth * kPrintScale, kHeight * kPrintScale, kPrintScale, kPrintScale, kPrintScale)
         << "set output " << gnuplot_string(plot.name + ".png") << '\n';
  write_plot_command(script, plot);
  script << "unset output\n";
  script.flush();
  if (!script) throw_write_error(std::error_code(errno, std::generic_category()), file, kAdvice);
}

/// gnuplot does not report a full disk and leaves an incomplete picture.
bool is_whole(const fs::path& picture, std::string_view end) {
  constexpr std::streamoff kTail = 64;
  std::ifstream in(picture, std::ios::binary | std::ios::ate);
  const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
  if (size <= 0) return false;
  in.seekg(std::max<std::streamoff>(0, size - kTail));
  const std::string tail{std::istreambuf_iterator<char>(in), {}};
  return tail.find(end) != std::string::npos;
}

bool are_whole(const std::vector<Plot>& plots, const fs::path& folder) {
  return std::all_of(plots.begin(), plots.end(), [&](const Plot& plot) {
    return is_whole(folder / (plot.name + ".svg"), "</svg>") &&
           is_whole(folder / (plot.name + ".png"), "IEND");
  });
}

}  // namespace

std::string_view name_of(Curve::Stroke stroke) {
  // In the order of Stroke.
  constexpr std::array<std::string_view, 5> kNames{"solid", "dashed", "points", "faint", "fit"};
  return kNames.at(static_cast<std::size_t>(stroke));
}

bool Plot::has_points() const {
  const bool has_cells = std::any_of(cells.rows.begin(), cells.rows.end(), [](const auto& row) {
    return std::any_of(row.begin(), row.end(), [](double value) { return is_drawable(value); });
  });
  return has_cells || std::any_of(curves.begin(), curves.end(), [](const Curve& curve) {
           return std::any_of(curve.points.begin(), curve.points.end(), is_drawable_point);
         });
}

AxisScale helpful_scale(const std::vector<Curve>& curves, Direction direction, double factor) {
  const auto [smallest, largest] = extent_of(curves, direction);
  return smallest > 0 && largest > factor * smallest ? AxisScale::logarithmic : AxisScale::linear;
}

void require_gnuplot() {
  if (is_in_path("gnuplot")) return;
  throw Error("gnuplot is not installed, and reports need it for their plots", {},
              "install it: sudo apt-get install gnuplot-nox (Debian, Ubuntu) or sudo dnf install "
              "gnuplot (Fedora)");
}

void draw(const std::vector<Plot>& plots, const fs::path& folder) {
  if (plots.empty()) return;
  require_gnuplot();

  // It runs in the folder: the scripts name no folder and can be moved with the report.
  std::string all;
  for (const Plot& plot : plots) {
    write_script(plot, folder / (plot.name + ".gp"));
    all += "reset session\nload " + gnuplot_string(plot.name + ".gp") + "\n";
  }
  const fs::path script = folder / "all.gp";
  const fs::path output = folder / "gnuplot.log";
  write_file(script, all);
  fs::remove(output);

  ProcessStart start;
  start.command = {"gnuplot", script.filename()};
  start.output = fs::absolute(output);
  start.directory = folder;
  start.group = SignalGroup::own;  // Ctrl-C ends a report after a complete page
  const ProcessEnd end = ChildProcess(start).wait();
  const std::string said = printable(whole_file(output));
  const bool is_done = end.is_success() && are_whole(plots, folder);
  const bool is_full = !is_done && !has_room(folder);
  fs::remove(output);
  fs::remove(script);
  if (is_done) return;
  if (is_full) throw DiskFull(folder);
  throw Error("gnuplot failed: " + said, folder, "check `gnuplot --version`; epochal needs 5.2");
}

}  // namespace epochal::report
