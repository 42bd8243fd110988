#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "reports/statistics/seed_statistics.h"

namespace epochal::report {

/// More seeds than this are not counted.
constexpr std::size_t kMostSeedsNeeded = 1000;

/// The seeds on each side at which the comparison would be decided in four of five studies, if the
/// estimate and the spread over `seeds` seeds were the true ones (power 80 % at the 5 % level;
/// Cohen 1988). `level` is that of the test: smaller than 0.05 where several steps share it. None
/// if kMostSeedsNeeded are not enough.
std::optional<std::size_t> seeds_needed(const SeedComparison& comparison, std::size_t seeds,
                                        double level);

/// "about 4 more seeds on each side would decide it at this spread", or why none would.
std::string more_seeds_text(const SeedComparison& comparison, std::size_t seeds, double level,
                            bool has_two_sides);

}  // namespace epochal::report
