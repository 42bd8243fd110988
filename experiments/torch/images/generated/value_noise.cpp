// Value noise from integer hashes, additions and multiplications: the same bits everywhere.

#include "experiments/torch/images/generated/value_noise.h"

namespace epochal {
namespace {

double hashed(std::int32_t x, std::int32_t y, std::uint32_t seed) {
  std::uint32_t h = static_cast<std::uint32_t>(x) * 0x8da6b343U ^
                    static_cast<std::uint32_t>(y) * 0xd8163841U ^ seed;
  h = (h ^ (h >> 15U)) * 0x2c1b3c6dU;
  h = (h ^ (h >> 12U)) * 0x297a2d39U;
  h ^= h >> 15U;
  return static_cast<std::int32_t>(h) * (1.0 / 2147483648.0);
}

std::int32_t floor_of(double value) {
  const auto whole = static_cast<std::int32_t>(value);
  return whole - (value < whole ? 1 : 0);
}

}  // namespace

double ValueNoise::at(double x, double y) const {
  const std::int32_t column = floor_of(x);
  const std::int32_t line = floor_of(y);
  const double u = x - column;
  const double v = y - line;
  const double across = u * u * (3 - 2 * u);
  const double down = v * v * (3 - 2 * v);
  const double a = hashed(column, line, seed_);
  const double b = hashed(column + 1, line, seed_);
  const double c = hashed(column, line + 1, seed_);
  const double d = hashed(column + 1, line + 1, seed_);
  const double top = a + across * (b - a);
  const double bottom = c + across * (d - c);
  return top + down * (bottom - top);
}

double ValueNoise::fractal(double x, double y, int octaves) const {
  double sum = 0;
  double weight = 0.6;
  for (int octave = 0; octave < octaves; ++octave) {
    sum += weight * at(x, y);
    weight *= 0.5;
    // Turned as well as doubled, so that the lattices of the octaves do not fall together.
    const double turned = 1.6 * x + 1.2 * y + 17.3;
    y = -1.2 * x + 1.6 * y + 5.9;
    x = turned;
  }
  return sum;
}

}  // namespace epochal
