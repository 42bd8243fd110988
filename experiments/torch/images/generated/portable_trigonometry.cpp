// Sine by its Taylor series on a quarter turn. Compiled without contraction to fused
// multiply-adds, which would round differently where a processor has them.

#include "experiments/torch/images/generated/portable_trigonometry.h"

#include <cmath>
#include <numbers>

namespace epochal {
namespace {

constexpr double kTurnsPerRadian = 0.5 / std::numbers::pi;

/// Sine of `turns`, counted from 0 to 1 around the circle.
double sine_of_turns(double turns) {
  turns -= std::floor(turns + 0.5);       // [-1/2, 1/2)
  if (turns > 0.25) turns = 0.5 - turns;  // the sine of a half turn less is the same
  if (turns < -0.25) turns = -0.5 - turns;
  const double x = 2 * std::numbers::pi * turns;  // [-pi/2, pi/2]
  const double square = x * x;
  // 1/3!, 1/5!, … 1/15!: the first one left out is below 6e-12.
  constexpr double k3 = 1.0 / 6;
  constexpr double k5 = k3 / 20;
  constexpr double k7 = k5 / 42;
  constexpr double k9 = k7 / 72;
  constexpr double k11 = k9 / 110;
  constexpr double k13 = k11 / 156;
  constexpr double k15 = k13 / 210;
  return x *
         (1 - square *
                  (k3 -
                   square *
                       (k5 -
                        square * (k7 - square * (k9 - square * (k11 -
                                                                square * (k13 - square * k15)))))));
}

}  // namespace

double portable_sin(double radians) {
  return sine_of_turns(radians * kTurnsPerRadian);
}

double portable_cos(double radians) {
  return sine_of_turns(radians * kTurnsPerRadian + 0.25);
}

}  // namespace epochal
