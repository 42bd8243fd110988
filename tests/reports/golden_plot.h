#pragma once

// What a plot shows, as a text that a test can hold against another.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reports/figures/figures.h"

namespace epochal::report::golden {

inline std::string cells_text(const std::vector<double>& row) {
  return fmt::format("cells {:.6g}\n", fmt::join(row, " "));
}

/// All that a plot shows: its axes, a line a curve with "x y, x y", one a band with "x low high".
inline std::string text_of(const Plot& plot) {
  std::string text = fmt::format("{} / {}\n", plot.x_label, plot.y_label);
  for (const Curve& curve : plot.curves) {
    std::vector<std::string> points;
    for (const auto& [x, y] : curve.points) points.push_back(fmt::format("{:.6g} {:.6g}", x, y));
    text += fmt::format("{} {} [{}] {}\n", name_of(curve.stroke), curve.colour, curve.label,
                        fmt::join(points, ", "));
  }
  for (const Band& band : plot.bands) {
    std::vector<std::string> points;
    for (const auto& [x, low, high] : band.points) {
      points.push_back(fmt::format("{:.6g} {:.6g} {:.6g}", x, low, high));
    }
    text += fmt::format("band {} {}\n", band.colour, fmt::join(points, ", "));
  }
  for (const auto& [x, label] : plot.x_ticks) text += fmt::format("x {:g} is {}\n", x, label);
  for (const auto& [y, label] : plot.y_ticks) text += fmt::format("y {:g} is {}\n", y, label);
  for (const auto& row : plot.cells.rows) text += cells_text(row);
  return text;
}

inline Figure figure_of(const ReportData& data, const std::string& name) {
  for (Figure& figure : figures_of(data)) {
    if (figure.plot.name == name) return std::move(figure);
  }
  ADD_FAILURE() << "there is no figure " << name;
  return {};
}

inline std::string drawn(const ReportData& data, const std::string& name) {
  return text_of(figure_of(data, name).plot);
}

}  // namespace epochal::report::golden
