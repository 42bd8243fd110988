// Resampling of seeds.

#include "reports/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "framework/plugin/keyed_random.h"

namespace epochal {

Interval bootstrap(const std::vector<std::vector<double>>& groups,
                   const std::function<double(const std::vector<double>& means)>& number) {
  constexpr std::size_t kDraws = 4000;
  constexpr std::uint64_t kKey = 0x65706f6368616c;
  KeyedRandom random({kKey});
  std::vector<double> drawn;
  std::vector<double> means(groups.size());
  for (std::size_t draw = 0; draw < kDraws; ++draw) {
    for (std::size_t g = 0; g < groups.size(); ++g) {
      double sum = 0;
      for (std::size_t i = 0; i < groups[g].size(); ++i) {
        sum += groups[g][random.below(groups[g].size())];
      }
      means[g] = sum / static_cast<double>(groups[g].size());
    }
    drawn.push_back(number(means));
  }
  if (std::any_of(drawn.begin(), drawn.end(), [](double x) { return std::isnan(x); })) {
    return {std::nan(""), std::nan("")};
  }
  std::sort(drawn.begin(), drawn.end());
  return {drawn[kDraws * 25 / 1000], drawn[kDraws * 975 / 1000 - 1]};
}

}  // namespace epochal
