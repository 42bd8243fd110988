// Curves by step: the mean of each range of steps, with a band from the lowest to the highest.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "reports/figures/figure_kinds.h"
#include "reports/figures/settings_drawing.h"

namespace epochal::report {
namespace {

/// The first run of a setting names its colour in the legend.
Curve mean_curve(const ReportedRun& run, const std::vector<store::StepBin>& bins, bool is_named) {
  Curve curve{is_named ? run.setting : "", run.colour, Curve::Stroke::solid, {}};
  for (const store::StepBin& bin : bins) {
    curve.points.emplace_back(static_cast<double>(bin.last_step), bin.mean);
  }
  return curve;
}

Band range_band(const std::vector<store::StepBin>& bins, int colour) {
  Band band{colour, {}};
  for (const store::StepBin& bin : bins) {
    band.points.push_back({static_cast<double>(bin.last_step), bin.lowest, bin.highest});
  }
  return band;
}

/// Whether the margin below the lowest value would reach below zero, where there are no values.
bool reaches_below_zero(const std::vector<Band>& bands) {
  constexpr double kRoom = 0.06;  // of the height
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  for (const Band& band : bands) {
    for (const Band::Point& point : band.points) {
      if (std::isfinite(point.low)) lowest = std::min(lowest, point.low);
      if (std::isfinite(point.high)) highest = std::max(highest, point.high);
    }
  }
  return lowest >= 0 && lowest < kRoom * (highest - lowest);
}

}  // namespace

Figure steps_of_runs(const ReportData& data, const std::string& metric) {
  Figure figure;
  figure.section = FigureSection::comparison;
  Plot& plot = figure.plot;
  plot.name = "steps-" + file_name(metric);
  plot.title = metric + " by step";
  plot.x_label = "step";
  plot.y_label = metric;
  std::size_t runs = 0;
  std::set<int> named;
  for (const ReportedRun& run : data.runs) {
    const auto found = run.steps.find(metric);
    if (found == run.steps.end()) continue;
    ++runs;
    plot.bands.push_back(range_band(found->second, run.colour));
    plot.curves.push_back(mean_curve(run, found->second, named.insert(run.colour).second));
  }
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  plot.y_from_zero = plot.y_axis == AxisScale::linear && reaches_below_zero(plot.bands);
  figure.caption = fmt::format(
      "{} by step of {}{}: means of stretches of steps, and bands from their lowest to their "
      "highest value{}{}.{}",
      metric, runs == 1 ? "one run" : fmt::format("{} runs", runs),
      data.has_more_steps ? ", the first ones with such values" : "",
      named.size() < runs ? "; seeds of one setting share a colour" : "",
      plot.y_axis == AxisScale::logarithmic ? "; logarithmic axis" : "",
      data.has_more_step_metrics
          ? fmt::format(" Only the first {} metrics by step of a run are drawn.",
                        kMostMetricsBySteps)
          : "");
  return figure;
}

}  // namespace epochal::report
