// Curves by step: the mean of each stretch of steps, with the room from the lowest to the highest.

#include <fmt/format.h>

#include "framework/base/human_format.h"
#include "reports/figures/figure_kinds.h"
#include "reports/figures/settings_drawing.h"

namespace epochal {
namespace {

Curve mean_curve(const ReportedRun& run, const std::vector<StepBin>& bins, int colour) {
  Curve curve{run.label, colour, Curve::Stroke::solid, {}};
  for (const StepBin& bin : bins) {
    curve.points.emplace_back(static_cast<double>(bin.last_step), bin.mean);
  }
  return curve;
}

Band range_band(const std::vector<StepBin>& bins, int colour) {
  Band band{colour, {}};
  for (const StepBin& bin : bins) {
    band.points.push_back({static_cast<double>(bin.last_step), bin.lowest, bin.highest});
  }
  return band;
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
  for (const ReportedRun& run : data.runs) {
    const auto found = run.steps.find(metric);
    if (found == run.steps.end()) continue;
    const int colour = static_cast<int>(runs++);
    plot.bands.push_back(range_band(found->second, colour));
    plot.curves.push_back(mean_curve(run, found->second, colour));
  }
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  figure.caption = fmt::format(
      "{} by step of {}{}: means of stretches of steps, and bands from their lowest to their "
      "highest value{}.{}",
      metric, runs == 1 ? "one run" : fmt::format("{} runs", runs),
      data.has_more_steps ? ", the first of those that have some" : "",
      plot.y_axis == AxisScale::logarithmic ? "; logarithmic axis" : "",
      data.has_more_step_metrics
          ? fmt::format(" Of the metrics by step of a run the first {} are drawn.",
                        kMostMetricsBySteps)
          : "");
  return figure;
}

}  // namespace epochal
