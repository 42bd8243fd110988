// Points that cover the unit cube more evenly than random ones.

#include "framework/search/low_discrepancy.h"

#include <boost/random/sobol.hpp>

#include "framework/base/keyed_random.h"

namespace epochal::search {
namespace {

constexpr int kScrambledBits = 32;

/// Owen's nested scrambling of the upper bits; those below are drawn, as each point of up to 2^32
/// is then alone in its part.
double scrambled(std::uint64_t bits, std::uint64_t seed, std::size_t dimension) {
  std::uint64_t result = 0;
  for (int depth = 0; depth < kScrambledBits; ++depth) {
    const std::uint64_t above = depth == 0 ? 0 : bits >> (64 - depth);
    KeyedRandom coin({seed, dimension, static_cast<std::uint64_t>(depth), above});
    const std::uint64_t bit = ((bits >> (63 - depth)) ^ coin.next()) & 1;
    result |= bit << (63 - depth);
  }
  KeyedRandom rest({seed, dimension, kScrambledBits, bits});
  result |= rest.next() >> kScrambledBits;
  return static_cast<double>(result >> 11) * 0x1.0p-53;
}

}  // namespace

std::vector<std::vector<double>> sobol_points(std::uint64_t seed, std::size_t dimensions,
                                              std::size_t count) {
  boost::random::sobol engine(dimensions);
  std::vector<std::vector<double>> points(count, std::vector<double>(dimensions));
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t d = 0; d < dimensions; ++d) {
      points[i][d] = scrambled(i == 0 ? 0 : engine(), seed, d);
    }
  }
  return points;
}

std::vector<double> latin_places(std::uint64_t seed, std::uint64_t key, std::size_t count) {
  const auto parts = keyed_permutation(static_cast<std::int64_t>(count), {seed, key, count});
  std::vector<double> places(count);
  for (std::size_t i = 0; i < count; ++i) {
    KeyedRandom within({seed, key, count, i});
    places[i] = (static_cast<double>(parts[i]) + within.uniform()) / static_cast<double>(count);
  }
  return places;
}

}  // namespace epochal::search
