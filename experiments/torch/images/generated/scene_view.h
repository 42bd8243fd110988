#pragma once

// How a generated scene is seen and lit. Lengths are in metres, x to the right, up, and depth away
// from the camera, which stands above the origin and looks along the ground.

#include <cmath>
#include <numbers>

#include "experiments/torch/images/generated/canvas.h"
#include "experiments/torch/images/generated/value_noise.h"
#include "framework/base/keyed_random.h"

namespace epochal::scene {

constexpr double kPi = std::numbers::pi;

struct Vector {
  double x = 0;
  double up = 0;
  double depth = 0;
};

inline Vector operator+(const Vector& a, const Vector& b) {
  return {a.x + b.x, a.up + b.up, a.depth + b.depth};
}
inline Vector operator-(const Vector& a, const Vector& b) {
  return {a.x - b.x, a.up - b.up, a.depth - b.depth};
}
inline Vector operator*(const Vector& a, double factor) {
  return {a.x * factor, a.up * factor, a.depth * factor};
}
inline double dot(const Vector& a, const Vector& b) {
  return a.x * b.x + a.up * b.up + a.depth * b.depth;
}
inline Vector cross(const Vector& a, const Vector& b) {
  return {a.up * b.depth - a.depth * b.up, a.depth * b.x - a.x * b.depth, a.x * b.up - a.up * b.x};
}
inline Vector unit(const Vector& a) {
  return a * (1 / std::sqrt(dot(a, a)));
}

struct Camera {
  double vanishing_x = 0.5;
  double horizon = 0.5;
  double focal = 1;
  double eye = 1.7;  ///< above the ground

  cv::Point2d see(const Vector& at) const {
    return {vanishing_x + focal * at.x / at.depth, horizon + focal * (eye - at.up) / at.depth};
  }
  /// A metre at this depth, on the picture.
  double scale(double depth) const { return focal / depth; }
  /// Where the ground seen at y, below the horizon, lies.
  double ground_depth(double y) const { return focal * eye / (y - horizon); }
  double lateral(double x, double depth) const { return (x - vanishing_x) * depth / focal; }
  /// The way from the eye through a place of the picture; its depth is 1.
  Vector ray(double x, double y) const {
    return {(x - vanishing_x) / focal, (horizon - y) / focal, 1};
  }
};

/// Light and air of an hour of the day.
struct Air {
  Colour zenith;
  Colour haze;
  Colour sun;              ///< of the direct light
  Colour ambient;          ///< of the light in the shade
  Vector to_sun;           ///< of length 1
  double clearness = 100;  ///< the depth in which haze is half of what is seen
  double clouds = 0;       ///< -1 none, 1 all over the sky
  bool is_dark = false;    ///< lamps and windows are lit

  /// A surface that gets `share` of the direct light.
  Colour lit(const Colour& colour, double share) const { return colour * (ambient + sun * share); }
  Colour through(double depth, const Colour& colour) const {
    return mixed(colour, haze, depth / (depth + clearness));
  }
  /// What of the direct light a surface with this normal gets.
  double share(const Vector& normal) const { return std::max(0.0, dot(normal, to_sun)); }
};

Air drawn_air(KeyedRandom& random);

/// The whole picture as sky, with clouds, and with a sun, a moon or stars where they are seen.
void paint_sky(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air);

/// The shadow that something upright, `width` across and `height` high, throws on the ground.
void ground_shadow(Canvas& canvas, const Camera& camera, const Air& air, const Vector& foot,
                   double width, double height);

/// A hilly or jagged line across the picture, filled down to `bottom` with shade(x, y, top).
template <typename Shade>
void ridge(Canvas& canvas, const ValueNoise& shape, double base, double height, double frequency,
           double bottom, const Shade& shade) {
  const auto top_at = [&](double x) {
    return base - height * (0.5 + 0.75 * shape.fractal(frequency * x, 3.7, 6));
  };
  Outline outline{{-0.02, bottom}};
  constexpr int kSteps = 128;
  for (int step = 0; step <= kSteps; ++step) {
    const double x = -0.02 + 1.04 * step / kSteps;
    outline.emplace_back(x, std::min(top_at(x), bottom));
  }
  outline.emplace_back(1.02, bottom);
  canvas.paint(outline, [&](double x, double y) { return shade(x, y, base - height); });
}

}  // namespace epochal::scene
