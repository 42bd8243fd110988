// Draws all runs of a report into one plot: a colour for each setting, seeds behind their mean, and
// only the best in colour if there are many runs.

#include "reports/figures/settings_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/settings.h"

namespace epochal::report {
namespace {

/// More settings than this cannot be told apart by colour.
constexpr std::size_t kMostLines = 7;
constexpr std::size_t kColouredOfCrowd = 5;
/// The most runs drawn in grey: more cannot be told apart and make the page heavy.
constexpr std::size_t kMostGrey = 200;

/// Whether the best of many runs can be named: all finished runs are comparable, and the direction
/// is known.
bool has_best(const ReportData& data) {
  return better_of(data, data.main_metric) &&
         comparable_runs(data, data.main_metric).sets.size() == 1;
}

/// If there are many runs, those with the best final value of the main metric, the best first.
Runs best_of_crowd(const ReportData& data) {
  Runs best;
  if (!has_best(data)) return best;
  const ComparableRuns comparable = comparable_runs(data, data.main_metric);
  for (const auto& [end, run] : ordered_by_last(comparable.sets.front().runs, data.main_metric,
                                                *better_of(data, data.main_metric))) {
    if (best.size() < kColouredOfCrowd) best.push_back(run);
  }
  return best;
}

/// The best of many runs, each with its label.
void add_best(const ReportData& data, Plot& plot,
              const std::function<Points(const ReportedRun&)>& points_of) {
  int colour = 0;
  for (const ReportedRun* run : best_of_crowd(data)) {
    plot.curves.push_back({run->label, colour++, Curve::Stroke::solid, points_of(*run)});
  }
}

/// From the lowest value to the highest. Values that are not finite are removed first, since they
/// cannot be ordered.
Band::Point band_point(double x, std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return {x, std::nan(""), std::nan("")};
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {x, *low, *high};
}

}  // namespace

std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, 60)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += plain ? c : '-';
  }
  return name;
}

std::vector<std::pair<double, const ReportedRun*>> ordered_by_last(
    const std::vector<const ReportedRun*>& runs, const std::string& metric, Better better) {
  std::vector<std::pair<double, const ReportedRun*>> ends;
  for (const ReportedRun* run : runs) {
    const auto last = last_value(*run, metric);
    if (last && std::isfinite(*last)) ends.emplace_back(*last, run);
  }
  std::ranges::stable_sort(
      ends, [&](const auto& a, const auto& b) { return is_better(a.first, b.first, better); });
  return ends;
}

bool is_drawn_in_crowd(std::size_t index, std::size_t count) {
  return index % ((count + kMostGrey - 1) / kMostGrey) == 0;
}

void add_settings(const ReportData& data, Plot& plot,
                  const std::function<Points(const ReportedRun&)>& points_of, Places places) {
  std::map<int, std::vector<const ReportedRun*>> settings;
  for (const ReportedRun& run : data.runs) settings[run.colour].push_back(&run);
  const bool is_crowd = settings.size() > kMostLines;
  std::size_t seen = 0;
  std::vector<Curve> means;
  for (const auto& [colour, runs] : settings) {
    const bool has_mean = runs.size() > 1 && !is_crowd && places == Places::shared;
    std::map<double, std::vector<double>> by_x;
    std::size_t begun = 0;
    for (const ReportedRun* run : runs) {
      if (is_crowd && !is_drawn_in_crowd(seen++, data.runs.size())) continue;
      Points points = points_of(*run);
      begun += points.empty() ? 0 : 1;
      if (has_mean) {
        for (const auto& [x, y] : points) by_x[x].push_back(y);
      }
      const bool is_strong = !is_crowd && (runs.size() == 1 || places == Places::own);
      const bool is_named = is_strong && run == runs.front();
      plot.curves.push_back({is_named ? run->setting : "", is_crowd ? kGrey : colour,
                             is_strong ? Curve::Stroke::solid : Curve::Stroke::faint,
                             std::move(points)});
    }
    if (!has_mean) continue;
    Band band{colour, {}};
    Curve mean{runs.front()->setting + " (mean)", colour, Curve::Stroke::solid, {}};
    for (const auto& [x, values] : by_x) {
      if (values.size() < begun) continue;  // a mean over fewer would jump
      mean.points.emplace_back(x, spread_of(values)->mean);
      band.points.push_back(band_point(x, values));
    }
    means.push_back(std::move(mean));
    plot.bands.push_back(std::move(band));
  }
  std::move(means.begin(), means.end(), std::back_inserter(plot.curves));
  if (is_crowd) add_best(data, plot, points_of);
}

std::string drawing_of(const ReportData& data, Places places) {
  std::map<int, int> settings;
  for (const ReportedRun& run : data.runs) ++settings[run.colour];
  if (settings.size() > kMostLines) {
    const std::size_t best = best_of_crowd(data).size();
    const std::string coloured =
        best == 0 ? ""
                  : fmt::format("; of the finished ones the {} in colour",
                                best == 1 ? "one that ends best is"
                                          : fmt::format("{} that end best are", best));
    return fmt::format(
        " of {} runs{}{}", data.runs.size(), coloured,
        data.runs.size() > kMostGrey ? "; some of the others are drawn in grey" : "");
  }
  const bool has_seeds = std::any_of(settings.begin(), settings.end(),
                                     [](const auto& setting) { return setting.second > 1; });
  if (!has_seeds || places == Places::own) {
    return fmt::format(" of {} runs{}", data.runs.size(),
                       has_seeds ? "; seeds of one setting share a colour" : "");
  }
  return fmt::format(
      " of {} runs; strong lines are means over seeds as far as all of them go, bands reach from "
      "the "
      "lowest seed to the highest, thin lines are single runs",
      data.runs.size());
}

}  // namespace epochal::report
