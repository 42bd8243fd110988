// The costs of epochs: time, rate, memory, use of the machine.

#include <fmt/format.h>

#include <optional>

#include "reports/figures/figure_kinds.h"
#include "reports/figures/settings_drawing.h"

namespace epochal::report {
namespace {

/// A number that an epoch may have.
using OfEpoch = std::optional<double> (*)(const store::EpochRecord& epoch);

Figure by_epoch(const ReportData& data, std::string name, std::string title, std::string unit,
                OfEpoch number) {
  Figure figure;
  figure.section = FigureSection::cost;
  Plot& plot = figure.plot;
  plot.name = std::move(name);
  plot.title = title;
  plot.x_label = "epoch";
  plot.y_label = std::move(unit);
  add_settings(data, plot, [&](const ReportedRun& run) {
    Points points;
    for (const store::EpochRecord& epoch : run.epochs) {
      if (const auto value = number(epoch)) points.emplace_back(epoch.number, *value);
    }
    return points;
  });
  plot.y_axis = helpful_scale(plot.curves, Direction::y, kLogWorthwhile);
  plot.y_from_zero = true;
  figure.caption = fmt::format("{}{}.", title, drawing_of(data));
  return figure;
}

}  // namespace

std::vector<Figure> cost_figures(const ReportData& data) {
  constexpr double kMega = 1e6;
  return {by_epoch(data, "cost-seconds", "Time of each epoch", "s",
                   [](const store::EpochRecord& epoch) -> std::optional<double> {
                     return epoch.seconds.count();
                   }),
          by_epoch(data, "cost-rate", fmt::format("Training {} a second", data.sample_word),
                   data.sample_word + "/s",
                   [](const store::EpochRecord& epoch) -> std::optional<double> {
                     if (epoch.train_seconds.count() <= 0 || epoch.samples == 0) {
                       return std::nullopt;
                     }
                     return static_cast<double>(epoch.samples) / epoch.train_seconds.count();
                   }),
          by_epoch(data, "cost-memory", "Peak memory of each epoch", "MB",
                   [](const store::EpochRecord& epoch) -> std::optional<double> {
                     if (!epoch.peak_host_memory) return std::nullopt;
                     return static_cast<double>(*epoch.peak_host_memory) / kMega;
                   }),
          by_epoch(data, "cost-processor", "Use of a run's threads", "share",
                   [](const store::EpochRecord& epoch) { return epoch.cpu_use; }),
          by_epoch(data, "cost-gpu", "Use of the GPU", "share",
                   [](const store::EpochRecord& epoch) { return epoch.gpu_use; })};
}

}  // namespace epochal::report
