// Small curves for a terminal.

#include "reports/figures/sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "framework/base/whole_number.h"

namespace epochal::report {
namespace {

std::vector<double> means_of_neighbours(const std::vector<double>& values, std::size_t most) {
  std::vector<double> means;
  for (std::size_t i = 0; i < most; ++i) {
    const std::size_t begin = i * values.size() / most;
    const std::size_t end = (i + 1) * values.size() / most;
    double sum = 0;
    for (std::size_t k = begin; k < end; ++k) sum += values[k];
    means.push_back(sum / static_cast<double>(end - begin));
  }
  return means;
}

}  // namespace

std::string sparkline(const std::vector<double>& values, std::size_t most) {
  static constexpr std::array<std::string_view, 8> kHeights{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::vector<double> drawn =
      values.size() > most && most > 0 ? means_of_neighbours(values, most) : values;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double value : drawn) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  std::string line;
  for (const double value : drawn) {
    if (!std::isfinite(value)) {
      line += "×";
      continue;
    }
    // Halved first, since the difference of two doubles may overflow.
    const double range = high / 2 - low / 2;
    const double height = range > 0 ? (value / 2 - low / 2) / range : 0;
    line += kHeights.at(static_cast<std::size_t>(nearest_whole(height * 7)));
  }
  return line;
}

}  // namespace epochal::report
