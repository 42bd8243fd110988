#pragma once

#include <cstdint>

#include "framework/base/keyed_random.h"

namespace epochal {

/// Noise with a bump about every unit, in [-1,1]: random values at the whole numbers, smooth
/// between. Clouds, leaves and stone are sums of it at several scales.
class ValueNoise {
 public:
  explicit ValueNoise(KeyedRandom& random) : seed_(static_cast<std::uint32_t>(random.next())) {}

  double at(double x, double y) const;

  /// Each octave twice as fine and half as strong as the one before (Mandelbrot's brownian
  /// surface), in about [-1,1].
  double fractal(double x, double y, int octaves) const;

 private:
  std::uint32_t seed_;
};

}  // namespace epochal
