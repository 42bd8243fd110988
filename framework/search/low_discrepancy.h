#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace epochal::search {

/// The most dimensions of sobol_points().
inline constexpr std::size_t kMostSobolDimensions = 3667;

/// Points 0 … count-1 of Sobol's sequence in the unit cube, in Antonov and Saleev's order, with the
/// direction numbers of Joe and Kuo 2008 (Boost.Random's engine). The origin, which the engine
/// skips, is point 0: without it the first 2^m points are no net (Owen, "On dropping the first
/// Sobol' point", 2020).
/// Scrambled by the seed as in Owen, "Randomly permuted (t,m,s)-nets", 1995: each bit is flipped or
/// not by a coin that depends on the seed, the dimension and the bits above it. So every point is
/// uniform in [0, 1), and the first 2^m points of each dimension still lie in 2^m equal parts, one
/// each. More points keep those that are there, and more dimensions keep those before them.
std::vector<std::vector<double>> sobol_points(std::uint64_t seed, std::size_t dimensions,
                                              std::size_t count);

/// A Latin hypercube (McKay, Beckman and Conover 1979): each of `count` equal parts of each
/// dimension has one point, at random within the part. Another count gives other points. `key` is
/// what a dimension's order depends on besides the seed; places in [0, 1).
std::vector<double> latin_places(std::uint64_t seed, std::uint64_t key, std::size_t count);

}  // namespace epochal::search
