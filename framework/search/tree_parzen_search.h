#pragma once

#include <cstdint>
#include <vector>

#include "framework/search/search_space.h"

namespace epochal::search {

/// A point that was asked for, and what is known of it.
struct Trial {
  enum class State { finished, pruned, running };

  Point point;
  State state = State::running;
  double value = 0;            ///< less is better; NaN counts as the worst. Not read while it runs.
  std::int64_t last_step = 0;  ///< of a pruned one: where `value` was measured
};

/// How many trials must have ended before a search learns from them, where it says nothing else.
inline constexpr std::size_t kStartupTrials = 10;

/// Whether enough trials have ended for the search to learn from them.
bool has_learned(const std::vector<Trial>& history, std::size_t startup = kStartupTrials);

/// The history split into the trials that are good and the others, as places in it, each part in
/// the order of the history. Of n trials that have ended, min(⌈0.1 n⌉, 25) are good: finished ones
/// by value first, then pruned ones, those that came further first, by value at the same step.
/// Running ones are among the others, so that workers beside each other do not ask for the same
/// (constant liar: Ginsbourger et al. 2010, with the worst value as the lie).
struct SplitTrials {
  std::vector<std::size_t> good;
  std::vector<std::size_t> others;
};
SplitTrials split(const std::vector<Trial>& history);

/// Where to look next: a pure function of its arguments. `number` is that of the trial from 0 on,
/// `history` holds the trials asked for before it, in their order.
///
/// Until `startup` trials have ended, point `number` of Sobol's sequence. From then on a
/// tree-structured Parzen search (Bergstra et al. 2011, section 4): with l the density of the good
/// trials and g that of the others, of 24 draws from l the one of the largest l/g, which has the
/// largest expected improvement (equation 2). Trials older than the last 25 count less, down to
/// 1/n for the oldest (Bergstra, Yamins and Cox, "Making a Science of Model Search", 2013).
Point next_point(const SearchSpace& space, const std::vector<Trial>& history, std::uint64_t seed,
                 std::uint64_t number, std::size_t startup = kStartupTrials);

}  // namespace epochal::search
