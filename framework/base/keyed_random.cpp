// SplitMix64 keyed by a list of numbers.

#include "framework/base/keyed_random.h"

#include <cassert>
#include <numeric>
#include <utility>

namespace epochal {
namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ULL;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

KeyedRandom::KeyedRandom(std::initializer_list<std::uint64_t> key) : state_(kGolden) {
  // Mixing between the words keeps (1, 2) and (2, 1) apart.
  for (const std::uint64_t word : key) state_ = mix(state_ + kGolden + mix(word + kGolden));
}

std::uint64_t KeyedRandom::next() {
  state_ += kGolden;
  return mix(state_);
}

std::uint64_t KeyedRandom::below(std::uint64_t bound) {
  assert(bound > 0);
  const std::uint64_t first_fair = (0 - bound) % bound;
  for (;;) {
    const std::uint64_t draw = next();
    if (draw >= first_fair) return draw % bound;
  }
}

double KeyedRandom::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::vector<std::int64_t> keyed_permutation(std::int64_t count,
                                            std::initializer_list<std::uint64_t> key) {
  assert(count >= 0);
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  KeyedRandom random(key);
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[random.below(left)]);
  }
  return order;
}

}  // namespace epochal
