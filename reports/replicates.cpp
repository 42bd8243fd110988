// Runs of one group, which differ in the seed alone.

#include "reports/replicates.h"

#include <fmt/format.h>

#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>
#include <map>

#include "reports/human_format.h"

namespace epochal {

std::optional<Spread> spread_of(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  Spread spread;
  spread.count = values.size();
  spread.mean = boost::math::statistics::mean(values);
  if (values.size() > 1) {
    spread.deviation = std::sqrt(boost::math::statistics::sample_variance(values));
  }
  return spread;
}

std::string format_spread(const Spread& spread) {
  if (spread.count == 1) return format_number(spread.mean);
  // Of a few seeds a deviation is no more exact than that.
  return fmt::format("{} ± {:.2g}", format_number(spread.mean), spread.deviation);
}

std::vector<std::vector<std::size_t>> replicate_groups(const std::vector<RunRecord>& runs) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto [group, is_new] = index.try_emplace(runs[i].group_identity, groups.size());
    if (is_new) groups.emplace_back();
    groups[group->second].push_back(i);
  }
  return groups;
}

}  // namespace epochal
