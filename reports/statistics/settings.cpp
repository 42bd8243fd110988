// Runs of one setting, which differ only in their seed.

#include "reports/statistics/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>
#include <map>

#include "framework/base/human_format.h"

namespace epochal::report {

std::optional<Spread> spread_of(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  Spread spread;
  spread.count = values.size();
  // Squares of large numbers would overflow, so all are scaled first.
  constexpr double kLarge = 1e150;
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  const bool is_large = largest > kLarge && std::isfinite(largest);
  const double scale = is_large ? largest : 1;
  std::vector<double> scaled = values;
  for (double& value : scaled) value /= scale;
  spread.mean = scale * boost::math::statistics::mean(scaled);
  if (values.size() > 1) {
    spread.deviation = scale * std::sqrt(boost::math::statistics::sample_variance(scaled));
  }
  return spread;
}

std::string format_spread(const Spread& spread) {
  if (spread.count == 1) return format_number(spread.mean);
  // With a few seeds, a deviation is not more exact than that.
  return fmt::format("{} ± {:.2g}", format_number(spread.mean), spread.deviation);
}

std::vector<std::vector<std::size_t>> runs_by_setting(const std::vector<store::RunRecord>& runs) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto [group, is_new] = index.try_emplace(runs[i].group_identity, groups.size());
    if (is_new) groups.emplace_back();
    groups[group->second].push_back(i);
  }
  return groups;
}

}  // namespace epochal::report
