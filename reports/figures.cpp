// Which plots a report has, made from its data alone.

#include "reports/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "reports/human_format.h"
#include "reports/series.h"

namespace epochal {
namespace {

constexpr double kLogWorthwhile = 8;  // less than about a decade reads better on a linear axis

enum class Abscissa { epochs, samples, seconds };

std::string_view label_of(Abscissa abscissa) {
  switch (abscissa) {
    case Abscissa::epochs:
      return "epoch";
    case Abscissa::samples:
      return "training images seen";
    case Abscissa::seconds:
      return "training time (s)";
  }
  return {};
}

std::vector<std::pair<double, double>> series(const ReportedRun& run, const std::string& metric,
                                              Abscissa abscissa) {
  std::vector<std::pair<double, double>> points;
  double samples = 0;
  double seconds = 0;
  for (const EpochRecord& epoch : run.epochs) {
    samples += static_cast<double>(epoch.samples);
    seconds += epoch.seconds.count();
    const auto found = epoch.metrics.find(metric);
    if (found == epoch.metrics.end()) continue;
    const double x = abscissa == Abscissa::epochs    ? epoch.number
                     : abscissa == Abscissa::samples ? samples
                                                     : seconds;
    points.emplace_back(x, found->second);
  }
  return points;
}

/// "val.total" as a file name: letters, digits and dashes only.
std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, 60)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += plain ? c : '-';
  }
  return name;
}

Figure comparison(const ReportData& data, const std::string& metric, Abscissa abscissa,
                  int number) {
  Figure figure;
  figure.section = FigureSection::comparison;
  Plot& plot = figure.plot;
  plot.name = fmt::format("compare-{:02}-{}", number, file_name(metric));
  plot.title = fmt::format("{} by {}", metric, label_of(abscissa));
  plot.x_label = label_of(abscissa);
  plot.y_label = metric;
  for (std::size_t i = 0; i < data.runs.size(); ++i) {
    plot.curves.push_back({data.runs[i].label, static_cast<int>(i), Curve::Stroke::solid,
                           series(data.runs[i], metric, abscissa)});
  }
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  if (abscissa != Abscissa::epochs) {
    plot.x_axis = helpful_scale(plot.curves, Direction::x, kLogWorthwhile);
  }
  figure.caption =
      fmt::format("{} of {} runs by {}{}.", metric, data.runs.size(), label_of(abscissa),
                  plot.y_axis == AxisScale::logarithmic ? ", logarithmic" : "");
  return figure;
}

std::optional<double> number_of(const ReportedRun& run, const std::string& parameter) {
  const ParameterValue* value = run.run.parameters.find(parameter);
  if (value == nullptr) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(value)) return *real;
  return std::nullopt;
}

/// Mean of the finite values a point; one line a metric through the means of the seeds.
Curve mean_curve(const Curve& points) {
  std::map<double, std::pair<double, int>> sums;
  for (const auto& [x, y] : points.points) {
    if (!std::isfinite(y)) continue;
    sums[x].first += y;
    ++sums[x].second;
  }
  Curve mean = points;
  mean.stroke = Curve::Stroke::solid;
  mean.points.clear();
  for (const auto& [x, sum] : sums) mean.points.emplace_back(x, sum.first / sum.second);
  return mean;
}

Figure final_values(const ReportData& data) {
  Figure figure;
  figure.section = FigureSection::size;
  Plot& plot = figure.plot;
  plot.name = fmt::format("final-by-{}", file_name(data.compare_by));
  plot.title = fmt::format("Final loss by {}", data.compare_by);
  plot.x_label = data.compare_by;
  plot.y_label = "value of the last epoch";
  int colour = 0;
  int left_out = 0;
  for (const std::string& metric : {data.main_metric, training_twin(data.main_metric)}) {
    Curve points{"", colour, Curve::Stroke::points, {}};
    for (const ReportedRun& run : data.runs) {
      const auto x = number_of(run, data.compare_by);
      const auto y = last_value(run, metric);
      const bool is_finished = run.run.epochs_done >= run.run.epochs;
      if (x && y && is_finished) points.points.emplace_back(*x, *y);
      if (x && y && !is_finished && metric == data.main_metric) ++left_out;
    }
    if (!points.points.empty()) {
      plot.curves.push_back(mean_curve(points));
      plot.curves.back().label = metric;
      plot.curves.push_back(std::move(points));
    }
    ++colour;
  }
  plot.x_axis = helpful_scale(plot.curves, Direction::x, 5);
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  figure.caption = fmt::format(
      "Last value of {} and its training twin against {}; the line joins "
      "the means over seeds.",
      data.main_metric, data.compare_by);
  if (left_out > 0) {
    figure.caption +=
        fmt::format(" {} unfinished run{} left out: {} last epoch is not {} final one.", left_out,
                    left_out == 1 ? " is" : "s are", left_out == 1 ? "its" : "their",
                    left_out == 1 ? "its" : "their");
  }
  return figure;
}

/// What follows the first dot: "total" of "val.total". Training and validation share a colour.
std::string term_of(const std::string& metric) {
  const std::size_t dot = metric.find('.');
  return dot == std::string::npos ? metric : metric.substr(dot + 1);
}

Figure curves_of_run(const ReportData& data, std::size_t index) {
  const ReportedRun& run = data.runs[index];
  Figure figure;
  figure.section = FigureSection::run;
  Plot& plot = figure.plot;
  plot.name = fmt::format("run-{:03}-{}", index + 1, run.run.short_identity());
  plot.title = fmt::format("{} ({})", run.label, format_epochs(run.run));
  plot.x_label = "epoch";
  plot.y_label = "loss";
  std::map<std::string, int> colours;
  for (const std::string& metric : data.metrics) {
    const int colour = colours.try_emplace(term_of(metric), colours.size()).first->second;
    const auto stroke = metric.starts_with("val.") ? Curve::Stroke::dashed : Curve::Stroke::solid;
    plot.curves.push_back({metric, colour, stroke, series(run, metric, Abscissa::epochs)});
  }
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  figure.caption = fmt::format("All metrics of {} by epoch; validation is dashed{}.", run.label,
                               plot.y_axis == AxisScale::logarithmic ? ", logarithmic axis" : "");
  return figure;
}

}  // namespace

std::vector<Figure> figures_of(const ReportData& data) {
  std::vector<Figure> figures;
  int number = 0;
  const auto add_comparison = [&](const std::string& metric, Abscissa abscissa) {
    figures.push_back(comparison(data, metric, abscissa, ++number));
  };
  if (!data.main_metric.empty()) {
    add_comparison(data.main_metric, Abscissa::epochs);
    add_comparison(data.main_metric, Abscissa::samples);
    add_comparison(data.main_metric, Abscissa::seconds);
    if (!data.compare_by.empty()) figures.push_back(final_values(data));
  }
  for (const std::string& metric : data.metrics) {
    if (metric != data.main_metric) add_comparison(metric, Abscissa::epochs);
  }
  for (std::size_t i = 0; i < data.runs.size(); ++i) figures.push_back(curves_of_run(data, i));
  std::erase_if(figures, [](const Figure& figure) { return !figure.plot.has_points(); });
  return figures;
}

}  // namespace epochal
