// Draws histograms directly: a run may have dozens of them, too many for gnuplot.

#include "reports/figures/histogram_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "framework/base/human_format.h"

namespace epochal::report {
namespace {

constexpr double kHistogramWidth = 480;
constexpr double kHistogramHeight = 180;
constexpr double kAboveBars = 18;
constexpr double kBelowBars = 20;
constexpr std::size_t kMostBars = 120;

struct HistogramBar {
  double from = 0;
  double to = 0;
  double count = 0;

  double density() const { return count / (to - from); }
};

std::vector<HistogramBar> bars_of(const Histogram& histogram) {
  const std::size_t bins = histogram.counts.size();
  const std::size_t together = (bins + kMostBars - 1) / kMostBars;
  std::vector<HistogramBar> bars;
  for (std::size_t first = 0; first < bins; first += together) {
    const std::size_t end = std::min(bins, first + together);
    HistogramBar bar{histogram.edges.at(first), histogram.edges.at(end), 0};
    for (std::size_t i = first; i < end; ++i) bar.count += histogram.counts.at(i);
    bars.push_back(bar);
  }
  return bars;
}

/// From 0 to 1; 0 if it cannot be computed because the range overflows.
double part_of_one(double part, double whole) {
  const double value = part / whole;
  return value >= 0 && value <= 1 ? value : 0;
}

}  // namespace

std::string histogram_svg(const Histogram& histogram) {
  const std::vector<HistogramBar> bars = bars_of(histogram);
  const double first = bars.front().from;
  const double range = bars.back().to - first;
  double highest = 0;
  double total = 0;
  for (const HistogramBar& bar : bars) {
    highest = std::max(highest, bar.density());
    total += bar.count;
  }
  std::string path;
  for (const HistogramBar& bar : bars) {
    const double left = kHistogramWidth * part_of_one(bar.from - first, range);
    const double right = kHistogramWidth * part_of_one(bar.to - first, range);
    const double height =
        (kHistogramHeight - kAboveBars - kBelowBars) * part_of_one(bar.density(), highest);
    path +=
        fmt::format("M{:.1f} {:.1f}V{:.1f}H{:.1f}V{:.1f}Z", left, kHistogramHeight - kBelowBars,
                    kHistogramHeight - kBelowBars - height, right, kHistogramHeight - kBelowBars);
  }
  const auto text = [](double x, double y, std::string_view anchor, const std::string& words) {
    return fmt::format(R"(<text x="{:.0f}" y="{:.0f}" text-anchor="{}">{}</text>)", x, y, anchor,
                       words);
  };
  return fmt::format(R"(<svg class="histogram" role="img" viewBox="0 0 {:.0f} {:.0f}">)",
                     kHistogramWidth, kHistogramHeight) +
         fmt::format(R"(<path d="{}"/>)", path) +
         fmt::format(R"(<line x1="0" x2="{:.0f}" y1="{:.0f}" y2="{:.0f}"/>)", kHistogramWidth,
                     kHistogramHeight - kBelowBars, kHistogramHeight - kBelowBars) +
         text(0, 12, "start",
              fmt::format("{} values in {} bins", format_number(total), histogram.counts.size())) +
         text(0, kHistogramHeight - 5, "start", format_number(first)) +
         text(kHistogramWidth, kHistogramHeight - 5, "end", format_number(bars.back().to)) +
         "</svg>";
}

}  // namespace epochal::report
