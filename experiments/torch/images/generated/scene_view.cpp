// Hours of the day, skies and shadows.

#include "experiments/torch/images/generated/scene_view.h"

#include "experiments/torch/images/generated/portable_trigonometry.h"

namespace epochal::scene {
namespace {

struct Hour {
  Colour zenith;
  Colour haze;
  Colour sun;
  Colour ambient;
  Range height;  ///< of the sun, in radians
  bool is_dark;
};

constexpr std::array<Hour, 7> kHours{{
    {{.20, .44, .80}, {.78, .87, .94}, {.86, .82, .74}, {.38, .43, .54}, {0.6, 1.1}, false},
    {{.30, .55, .86}, {.86, .90, .90}, {.88, .82, .70}, {.38, .42, .50}, {0.5, 0.9}, false},
    {{.42, .58, .80}, {.97, .86, .72}, {.90, .72, .50}, {.38, .41, .52}, {0.25, 0.5}, false},
    {{.34, .42, .68}, {1.0, .72, .42}, {.98, .60, .28}, {.36, .35, .46}, {0.15, 0.35}, false},
    {{.18, .22, .46}, {.93, .56, .45}, {.58, .34, .26}, {.32, .31, .43}, {0.1, 0.2}, true},
    {{.58, .63, .70}, {.82, .84, .85}, {.22, .22, .21}, {.58, .60, .63}, {0.6, 1.0}, false},
    {{.04, .09, .26}, {.22, .32, .50}, {.30, .36, .50}, {.22, .26, .40}, {0.4, 0.8}, true},
}};

Colour shifted(KeyedRandom& random, const Colour& colour, double by) {
  const double red = random.uniform(1 - by, 1 + by);
  const double green = random.uniform(1 - by, 1 + by);
  const double blue = random.uniform(1 - by, 1 + by);
  return colour * Colour{red, green, blue};
}

void stars(Canvas& canvas, KeyedRandom& random, double horizon) {
  for (int i = 0; i < 70; ++i) {
    const double x = random.uniform();
    const double y = random.uniform(0, horizon);
    const double size = random.uniform(0.0012, 0.0035);
    canvas.disc(x, y, size, {0.85, 0.86, 0.8});
  }
}

}  // namespace

Air drawn_air(KeyedRandom& random) {
  // Night, the last, half as often as the others.
  const Hour& hour = kHours.at(random.below(2 * kHours.size() - 1) / 2);
  Air air;
  air.zenith = shifted(random, hour.zenith, 0.12);
  air.haze = shifted(random, hour.haze, 0.06);
  air.sun = shifted(random, hour.sun, 0.06);
  air.ambient = shifted(random, hour.ambient, 0.08);
  const double height = random.uniform(hour.height.low, hour.height.high);
  // From a side, and more often from behind the camera than against it.
  const double side = random.below(2) == 0 ? -1 : 1;
  const double turn = random.uniform(-0.9, 0.35);
  air.to_sun = {side * portable_cos(height) * portable_cos(turn), portable_sin(height),
                portable_cos(height) * portable_sin(turn)};
  air.clearness = random.uniform(60, 260);
  air.clouds = random.uniform(-0.45, 0.45);
  air.is_dark = hour.is_dark;
  return air;
}

void paint_sky(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air) {
  const ValueNoise shape(random);
  const double size = random.uniform(0.35, 0.8);
  const double across = random.uniform(1.0, 2.2);
  const double sun_x = 0.5 + 0.42 * air.to_sun.x;
  const double sun_y = camera.horizon * (1 - std::min(0.9, 1.1 * air.to_sun.up));
  const bool is_sun_seen = air.to_sun.depth > 0 || random.below(3) == 0;
  const Colour bright = mixed(air.haze, air.ambient + air.sun, 0.75);
  const Colour grey = mixed(air.ambient, air.haze, 0.45);
  const double horizon = camera.horizon;
  canvas.fill([&](double x, double y) {
    const double height = std::clamp((horizon - y) / std::max(horizon, 0.3), 0.0, 1.0);
    Colour sky = mixed(air.haze, air.zenith, smooth_step(-0.1, 1, height));
    const double dx = x - sun_x;
    const double dy = y - sun_y;
    const double glow = 0.012 / (0.012 + dx * dx + dy * dy);
    if (is_sun_seen) sky = sky + air.sun * (0.55 * glow);
    if (y > horizon + 0.02) return sky;
    // Clouds lie on a ceiling, so that they get flat and small towards the horizon.
    const double far = 1 / (height + 0.28);
    const double u = (x - 0.5) * far / size + 9;
    const double v = across * far / size;
    const double density = shape.fractal(u, v, 5) + air.clouds;
    if (density < 0) return sky;
    const double thicker = shape.fractal(u + 0.22 * air.to_sun.x, v + 0.2, 3) + air.clouds;
    const double light = smooth_step(-0.35, 0.45, density - thicker + 0.12);
    const Colour cloud = mixed(grey, bright, light);
    return mixed(sky, cloud, 0.92 * smooth_step(0, 0.38, density) * smooth_step(0, 0.12, height));
  });
  if (air.is_dark && air.zenith.blue < 0.3) stars(canvas, random, horizon);
  if (is_sun_seen) {
    const double radius = random.uniform(0.018, 0.04);
    canvas.disc(sun_x, sun_y, radius, mixed(air.haze, {1, 0.98, 0.86}, 0.8));
  }
}

void ground_shadow(Canvas& canvas, const Camera& camera, const Air& air, const Vector& foot,
                   double width, double height) {
  const double reach = std::min(height / std::max(air.to_sun.up, 0.12), 3.5 * height);
  const Vector way{-air.to_sun.x * reach, 0, -air.to_sun.depth * reach};
  constexpr int kCorners = 24;
  Outline outline;
  for (int i = 0; i < kCorners; ++i) {
    const double angle = 2 * kPi * i / kCorners;
    const double along = 0.5 - 0.55 * portable_cos(angle);
    const double aside = 0.5 * width * portable_sin(angle);
    const double length = std::max(std::sqrt(way.x * way.x + way.depth * way.depth), 1e-6);
    Vector corner = foot + way * along + Vector{way.depth / length, 0, -way.x / length} * aside;
    corner.up = 0;
    corner.depth = std::max(corner.depth, 0.6);
    outline.push_back(camera.see(corner));
  }
  const double depth_of_shade = 0.55 * std::min(1.0, luminance(air.sun) * 1.6);
  canvas.shadow(outline, mixed({1, 1, 1}, {0.25, 0.28, 0.42}, depth_of_shade + 0.15),
                std::min(0.02, 0.25 * camera.scale(foot.depth)));
}

}  // namespace epochal::scene
