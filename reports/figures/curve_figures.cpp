// Curves of metrics: all runs by epoch, samples or time, validation over training, one run alone.

#include <fmt/format.h>

#include <map>
#include <set>

#include "framework/base/human_format.h"
#include "reports/figures/figure_kinds.h"
#include "reports/figures/settings_drawing.h"
#include "reports/statistics/series.h"

namespace epochal::report {
namespace {

std::string label_of(Abscissa abscissa, const ReportData& data) {
  switch (abscissa) {
    case Abscissa::epochs:
      return "epoch";
    case Abscissa::steps:
      return "training step";
    case Abscissa::samples:
      return fmt::format("training {} seen", data.sample_word);
    case Abscissa::seconds:
      return "training time (s)";
  }
  return {};
}

Points points_over(const ReportedRun& run, const std::string& metric, Abscissa abscissa) {
  Points points;
  double steps = 0;
  double samples = 0;
  double seconds = 0;
  auto epoch = run.epochs.begin();
  for (const store::SeriesPoint& point : series_of(run, metric)) {
    for (; epoch != run.epochs.end() && epoch->number <= point.epoch; ++epoch) {
      if (abscissa == Abscissa::steps && !epoch->steps) return points;
      steps += static_cast<double>(epoch->steps.value_or(0));
      samples += static_cast<double>(epoch->samples);
      seconds += epoch->seconds.count();
    }
    const double x = abscissa == Abscissa::epochs    ? point.epoch
                     : abscissa == Abscissa::steps   ? steps
                     : abscissa == Abscissa::samples ? samples
                                                     : seconds;
    points.emplace_back(x, point.value);
  }
  return points;
}

/// A remark about curves in one figure that are not comparable.
std::string warning_of_meaning(const ReportData& data, const std::string& metric) {
  const std::set<std::string> parameters = comparable_runs(data, metric).parameters();
  if (parameters.empty()) return {};
  return fmt::format(" Curves that differ in {0} cannot be compared: {1} what {2} means.",
                     fmt::join(parameters, " or "),
                     parameters.size() == 1 ? "it changes" : "they change", metric);
}

/// The part after the first dot: "total" of "val.total". Training and validation share a colour.
std::string term_of(const std::string& metric) {
  const std::size_t dot = metric.find('.');
  return dot == std::string::npos ? metric : metric.substr(dot + 1);
}

}  // namespace

Figure comparison(const ReportData& data, const std::string& metric, Abscissa abscissa,
                  int number) {
  Figure figure;
  figure.section = FigureSection::comparison;
  Plot& plot = figure.plot;
  plot.name = fmt::format("compare-{:02}-{}", number, file_name(metric));
  plot.title = fmt::format("{} by {}", metric, label_of(abscissa, data));
  plot.x_label = label_of(abscissa, data);
  plot.y_label = metric;
  const Places places = abscissa == Abscissa::seconds ? Places::own : Places::shared;
  add_settings(
      data, plot, [&](const ReportedRun& run) { return points_over(run, metric, abscissa); },
      places);
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  if (abscissa != Abscissa::epochs) {
    plot.x_axis = helpful_scale(plot.curves, Direction::x, kLogWorthwhile);
  }
  figure.caption =
      fmt::format("{} by {}{}{}.{}", metric, label_of(abscissa, data), drawing_of(data, places),
                  plot.y_axis == AxisScale::logarithmic ? "; logarithmic axis" : "",
                  warning_of_meaning(data, metric));
  return figure;
}

Figure gap(const ReportData& data) {
  const std::string training = training_twin(data.main_metric);
  Figure figure;
  figure.section = FigureSection::comparison;
  Plot& plot = figure.plot;
  plot.name = "gap-" + file_name(data.main_metric);
  plot.title = fmt::format("{} over {}", data.main_metric, training);
  plot.x_label = "epoch";
  plot.y_label = "ratio";
  add_settings(data, plot, [&](const ReportedRun& run) {
    Points points;
    for (const PointPair& pair :
         joined(series_of(run, data.main_metric), series_of(run, training))) {
      if (pair.second > 0) points.emplace_back(pair.epoch, pair.first / pair.second);
    }
    return points;
  });
  plot.y_from_zero = true;
  const auto better = better_of(data, data.main_metric);
  figure.caption =
      fmt::format("{} divided by {}{}.{}", data.main_metric, training, drawing_of(data),
                  !better ? std::string()
                          : fmt::format(" A ratio that {} is a sign of overfitting.",
                                        *better == Better::lower ? "grows" : "falls"));
  return figure;
}

Figure curves_of_run(const ReportData& data, std::size_t index) {
  const ReportedRun& run = data.runs[index];
  Figure figure;
  figure.section = FigureSection::run;
  Plot& plot = figure.plot;
  plot.name = fmt::format("run-{:03}-{}", index + 1, run.run.short_identity());
  plot.title =
      fmt::format("{} ({})", run.label, format_epochs(run.run.epochs_done, run.run.epochs));
  plot.x_label = "epoch";
  plot.y_label = "loss";
  std::map<std::string, int> colours;
  for (const std::string& metric : data.metrics) {
    const int colour = colours.try_emplace(term_of(metric), colours.size()).first->second;
    const auto stroke = metric.starts_with("val.") ? Curve::Stroke::dashed : Curve::Stroke::solid;
    plot.curves.push_back({metric, colour, stroke, points_over(run, metric, Abscissa::epochs)});
  }
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  figure.caption = fmt::format("All metrics of {} by epoch; validation is dashed{}.", run.label,
                               plot.y_axis == AxisScale::logarithmic ? ", logarithmic axis" : "");
  return figure;
}

}  // namespace epochal::report
