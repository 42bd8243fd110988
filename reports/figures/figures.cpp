// Chooses the figures of a report from its data.

#include "reports/figures/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "reports/figures/down_sampling.h"
#include "reports/figures/figure_kinds.h"
#include "reports/statistics/series.h"

namespace epochal::report {
namespace {

/// If there are more runs than this, they have no individual figures.
constexpr std::size_t kMostRunFigures = 12;

bool has_samples(const ReportData& data) {
  return std::any_of(data.runs.begin(), data.runs.end(), [](const ReportedRun& run) {
    return std::any_of(run.epochs.begin(), run.epochs.end(),
                       [](const store::EpochRecord& epoch) { return epoch.samples > 0; });
  });
}

/// Whether epochs have different numbers of steps: else a figure by step is the one by epoch.
bool has_unequal_steps(const ReportData& data) {
  std::set<std::int64_t> numbers;
  for (const ReportedRun& run : data.runs) {
    for (const store::EpochRecord& epoch : run.epochs) {
      if (epoch.steps) numbers.insert(*epoch.steps);
    }
  }
  return numbers.size() > 1;
}

}  // namespace

std::vector<Figure> figures_of(const ReportData& data) {
  std::vector<Figure> figures;
  std::set<std::string> names;
  const auto add = [&](Figure figure) {
    if (!figure.plot.has_points()) return;
    if (down_sample(figure.plot)) {
      figure.caption +=
          " Long curves are drawn through the lowest and the highest value of each section.";
    }
    // Different metric names may give the same file name.
    const std::string plain = figure.plot.name;
    for (int count = 2; !names.insert(figure.plot.name).second; ++count) {
      figure.plot.name = fmt::format("{}-{}", plain, count);
    }
    figures.push_back(std::move(figure));
  };
  int number = 0;
  const auto add_comparison = [&](const std::string& metric, Abscissa abscissa) {
    add(comparison(data, metric, abscissa, ++number));
  };
  if (!data.main_metric.empty()) {
    add_comparison(data.main_metric, Abscissa::epochs);
    if (has_unequal_steps(data)) add_comparison(data.main_metric, Abscissa::steps);
    // A program may not report its number of samples.
    if (has_samples(data)) add_comparison(data.main_metric, Abscissa::samples);
    add_comparison(data.main_metric, Abscissa::seconds);
    if (!data.compare_by.empty()) add(final_values(data));
  }
  for (const std::string& metric : data.metrics) {
    if (metric != data.main_metric) add_comparison(metric, Abscissa::epochs);
  }
  std::set<std::string> by_step;
  for (const ReportedRun& run : data.runs) {
    for (const auto& [metric, bins] : run.steps) by_step.insert(metric);
  }
  for (const std::string& metric : by_step) add(steps_of_runs(data, metric));
  if (!training_twin(data.main_metric).empty()) add(gap(data));
  if (!data.main_metric.empty()) {
    int set_number = 0;
    const ComparableRuns comparable = comparable_runs(data, data.main_metric);
    for (const ComparableSet& set : std::span(comparable.sets).first(shown_sets(comparable))) {
      ++set_number;
      add(heat_map(data, set, set_number));
      add(parallel_coordinates(data, set, set_number));
    }
  }
  for (Figure& figure : cost_figures(data)) add(std::move(figure));
  const std::size_t shown = data.runs.size() > kMostRunFigures ? 0 : data.runs.size();
  for (std::size_t i = 0; i < shown; ++i) add(curves_of_run(data, i));
  return figures;
}

}  // namespace epochal::report
