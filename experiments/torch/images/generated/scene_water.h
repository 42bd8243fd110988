#pragma once

#include "experiments/torch/images/generated/scene_view.h"

namespace epochal::scene {

/// Water from the line `shore` downwards, wherever is_water(x, y): mirrors what is drawn above the
/// line, darker towards the camera, with waves that grow towards it.
template <typename IsWater>
void paint_water(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
                 double shore, const IsWater& is_water) {
  const ValueNoise waves(random);
  const double roughness = random.uniform(0.25, 1);
  const Colour deep = air.lit(drawn_colour(random, {0.45, 0.58}, {0.45, 0.75}, {0.25, 0.5}), 0.5);
  canvas.wash(0, shore, 1, 1, [&](double x, double y) -> Paint {
    const double cover = is_water(x, y);
    if (cover <= 0) return {{}, 0};
    const double depth = camera.ground_depth(std::max(y, camera.horizon + 0.004));
    const double across = camera.lateral(x, depth);
    const double wave = waves.fractal(0.55 * across, 1.7 * depth, 3);
    const double fine = waves.at(2.3 * across + 40, 6.5 * depth);
    const double near = std::min(1.0, 0.02 + 2.5 * (y - camera.horizon));
    const double from_x = x + roughness * near * (0.02 * wave + 0.008 * fine);
    const double from_y = 2 * shore - y + roughness * near * (0.09 * wave + 0.03 * fine);
    const Colour mirrored = canvas.at(from_x, std::clamp(from_y, 0.0, shore - canvas.pixel()));
    const double steep = smooth_step(0, 0.75, y - shore);
    Colour colour = mixed(mirrored * 0.93, deep,
                          std::clamp(0.16 + 0.55 * steep + 0.2 * roughness * wave, 0.0, 0.9));
    const double crest = smooth_step(0.28, 0.6, wave + 0.35 * fine);
    colour = mixed(colour, mixed(air.haze, air.zenith, 0.35), 0.55 * roughness * crest);
    return {colour, cover};
  });
}

}  // namespace epochal::scene
