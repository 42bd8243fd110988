// The figure of final values against the compared parameter.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>

#include "framework/base/human_format.h"
#include "reports/figures/figure_kinds.h"
#include "reports/figures/settings_drawing.h"
#include "reports/statistics/power_law.h"
#include "reports/statistics/series.h"
#include "reports/statistics/settings.h"

namespace epochal::report {
namespace {

/// A line with two free parameters is always close to three points.
constexpr std::size_t kFewestForALaw = 4;

std::map<double, std::vector<double>> values_by_place(const Curve& points) {
  std::map<double, std::vector<double>> by_x;
  for (const auto& [x, y] : points.points) {
    if (std::isfinite(y)) by_x[x].push_back(y);
  }
  return by_x;
}

/// Whether there are many x values with one run each, as in a random search: a line between them
/// would only show their spread.
bool is_scattered(const Curve& points) {
  constexpr std::size_t kMostJoined = 12;
  const auto by_x = values_by_place(points);
  return by_x.size() > kMostJoined && by_x.size() == points.points.size();
}

/// One line for each metric, through the means of the seeds' finite values.
Curve mean_curve(const Curve& points) {
  const std::map<double, std::vector<double>> by_x = values_by_place(points);
  Curve mean = points;
  mean.stroke = Curve::Stroke::solid;
  mean.points.clear();
  for (const auto& [x, values] : by_x) mean.points.emplace_back(x, spread_of(values)->mean);
  return mean;
}

/// The exponent's interval, or why there is none.
std::string exponent_text(const PowerLaw& law) {
  if (!law.over_seeds) return "whose exponent has no interval: fewer than two seeds are everywhere";
  const Interval interval = interval_around(*law.over_seeds);
  return fmt::format("95 % interval of the exponent {:.3f} to {:.3f} over {} seeds", interval.low,
                     interval.high, law.seeds);
}

/// A dashed line through the points of one metric, and a sentence about it.
void add_power_law(const std::string& metric, const Curve& points,
                   const std::vector<LawPoint>& by_seed, Figure& figure) {
  if (values_by_place(points).size() < kFewestForALaw) return;
  const auto law = fit_power_law(by_seed);
  if (!law) return;
  const auto [first, last] = std::minmax_element(points.points.begin(), points.points.end());
  Curve line{"", points.colour, Curve::Stroke::fit, {}};
  constexpr int kSteps = 24;
  for (int i = 0; i <= kSteps; ++i) {
    const double x =
        first->first * std::pow(last->first / first->first, static_cast<double>(i) / kSteps);
    line.points.emplace_back(x, (*law)(x));
  }
  figure.plot.curves.push_back(std::move(line));
  figure.caption += fmt::format(" Dashed: {} = {}{} n^({:.3f}), {}.", metric,
                                law->has_offset ? format_number(law->offset) + " + " : "",
                                format_number(law->factor), law->exponent, exponent_text(*law));
}

/// The metrics whose final values are drawn: the main metric and its training twin, or, if the
/// compared parameter changes what these mean, the validation metrics that it does not affect.
std::vector<std::string> final_metrics(const ReportData& data) {
  constexpr std::size_t kMost = 3;
  const auto compares = [&](const std::string& metric) {
    return !comparable_runs(data, metric).parameters().contains(data.compare_by);
  };
  if (compares(data.main_metric)) return {data.main_metric, training_twin(data.main_metric)};
  std::vector<std::string> metrics;
  for (const std::string& metric : data.metrics) {
    const bool is_other = metric.starts_with("val.") && compares(metric);
    if (is_other && metrics.size() < kMost) metrics.push_back(metric);
  }
  return metrics;
}

/// Parameters other than the given one that vary among runs and do not depend on it.
std::vector<std::string> other_parameters(const ReportData& data, const Runs& runs,
                                          const std::string& than) {
  std::vector<std::string> others;
  for (const std::string& name : data.varying) {
    std::map<std::string, std::set<std::string>> values;
    for (const ReportedRun* run : runs) {
      const ParameterValue* at = run->run.parameters.find(than);
      const ParameterValue* value = run->run.parameters.find(name);
      if (at != nullptr && value != nullptr) values[to_text(*at)].insert(to_text(*value));
    }
    const bool is_other = std::any_of(values.begin(), values.end(),
                                      [](const auto& known) { return known.second.size() > 1; });
    if (name != than && is_other) others.push_back(name);
  }
  return others;
}

}  // namespace

Figure final_values(const ReportData& data) {
  Figure figure;
  figure.section = FigureSection::size;
  Plot& plot = figure.plot;
  plot.name = fmt::format("final-by-{}", file_name(data.compare_by));
  plot.title = fmt::format("Final values by {}", data.compare_by);
  plot.x_label = data.compare_by;
  plot.y_label = "value of the last epoch";
  const std::vector<std::string> metrics = final_metrics(data);
  int colour = 0;
  std::string remarks;
  std::vector<std::string> drawn;
  std::set<std::string> others;
  for (const std::string& metric : metrics) {
    const ComparableRuns comparable = comparable_runs(data, metric);
    if (remarks.empty()) remarks = comparable.remarks(metric) + sets_left_out(comparable);
    for (const ComparableSet& set : std::span(comparable.sets).first(shown_sets(comparable))) {
      Curve points{"", colour, Curve::Stroke::points, {}};
      std::vector<LawPoint> by_seed;
      for (const ReportedRun* run : set.runs) {
        const auto x = number_of(*run, data.compare_by);
        const auto y = last_value(*run, metric);
        if (!x || !y) continue;
        points.points.emplace_back(*x, *y);
        by_seed.push_back({run->run.seed, *x, *y});
      }
      if (points.points.empty()) continue;
      if (drawn.empty() || drawn.back() != metric) drawn.push_back(metric);
      const std::string name = set.where.empty() ? metric : metric + " at " + set.where;
      const std::vector<std::string> mixed = other_parameters(data, set.runs, data.compare_by);
      others.insert(mixed.begin(), mixed.end());
      // Settings are not seeds: the error of the law would be too small.
      if (mixed.empty()) add_power_law(name, points, by_seed, figure);
      if (is_scattered(points)) {
        points.label = name;
      } else {
        plot.curves.push_back(mean_curve(points));
        plot.curves.back().label = name;
      }
      plot.curves.push_back(std::move(points));
      ++colour;
    }
  }
  plot.x_axis = helpful_scale(plot.curves, Direction::x, 5);
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  std::string caption =
      fmt::format("Last value of {} against {}; lines join the means over seeds{}.",
                  fmt::join(drawn, " and "), data.compare_by,
                  others.empty() ? "" : fmt::format(" and over {}", fmt::join(others, " and ")));
  if (metrics.empty() || metrics.front() != data.main_metric) {
    caption += fmt::format(" {} is not drawn, since {} changes what it means.", data.main_metric,
                           data.compare_by);
  }
  figure.caption = caption + figure.caption + remarks;
  return figure;
}

}  // namespace epochal::report
