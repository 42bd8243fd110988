#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace epochal {

/// A small random stream that is a pure function of its key, such as (seed, epoch, index).
///
/// Order, crops and pairing drawn from it are the same on every machine and for any number of
/// threads, and need no state in a checkpoint. SplitMix64 (Steele, Lea & Flood 2014) both mixes
/// the key and steps the stream. Not for cryptography.
class KeyedRandom {
 public:
  explicit KeyedRandom(std::initializer_list<std::uint64_t> key);

  std::uint64_t next();

  /// Uniform in [0, bound), without modulo bias. `bound` is positive.
  std::uint64_t below(std::uint64_t bound);

  /// Uniform in [0, 1), 53 bits.
  double uniform();

  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

 private:
  std::uint64_t state_;
};

/// The numbers 0 … count-1 in an order that depends on the key only (Fisher-Yates).
std::vector<std::int64_t> keyed_permutation(std::int64_t count,
                                            std::initializer_list<std::uint64_t> key);

}  // namespace epochal
