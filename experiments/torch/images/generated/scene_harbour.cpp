// Boats on water before a coast.

#include <algorithm>

#include "experiments/torch/images/generated/generated_scenes.h"
#include "experiments/torch/images/generated/portable_trigonometry.h"
#include "experiments/torch/images/generated/scene_bodies.h"
#include "experiments/torch/images/generated/scene_buildings.h"
#include "experiments/torch/images/generated/scene_plants.h"
#include "experiments/torch/images/generated/scene_water.h"

namespace epochal::scene {
namespace {

struct Boat {
  double x;
  double depth;
  double length;
  double side;  ///< where it heads
  Colour hull;
  Colour sail;
  bool has_sails;
  bool has_cabin;
  double swell;  ///< of its sails
};

/// Draws a boat, upright or as its mirrored image.
void paint_boat(Canvas& canvas, const Camera& camera, const Air& air, const ValueNoise& grain,
                const Boat& boat, double upright) {
  const cv::Point2d foot = camera.see({boat.x, 0, boat.depth});
  const double size = boat.length * camera.scale(boat.depth);
  const double dim = upright > 0 ? 1 : 0.8;
  const auto place = [&](double x, double y) {
    return cv::Point2d(foot.x + boat.side * size * x, foot.y - upright * size * y);
  };
  const auto finish = [&](const Colour& colour, double share) {
    return air.through(boat.depth, air.lit(colour, share)) * dim;
  };
  const double towards = boat.side * air.to_sun.x;
  const auto local = [&](double x, double y) {
    return cv::Point2d((x - foot.x) / (boat.side * size), upright * (foot.y - y) / size);
  };
  // Mast, boom and sails stand behind the hull.
  const double tall = boat.has_sails ? 1.25 : 0.7;
  const Colour wood = finish({0.36, 0.25, 0.16}, 0.6);
  canvas.polygon({place(0.03, 0.1), place(0.055, 0.1), place(0.05, tall), place(0.04, tall)}, wood);
  if (boat.has_sails) {
    const auto sail = [&](const Outline& outline, double lean) {
      Outline seen;
      for (const cv::Point2d& corner : outline) seen.push_back(place(corner.x, corner.y));
      canvas.paint(seen, [&](double x, double y) {
        const cv::Point2d at = local(x, y);
        const double fold = grain.fractal(3 * at.x, 9 * at.y + 4 * at.x, 2);
        const double seam =
            std::abs(at.y / 0.17 - std::floor(at.y / 0.17) - 0.5) > 0.46 ? -0.12 : 0.0;
        const double share =
            std::clamp(0.6 + lean * towards + 0.9 * at.x * towards + 0.25 * fold + seam, 0.05, 1.1);
        return finish(boat.sail, share);
      });
    };
    const double s = boat.swell;
    sail({{0.02, 0.24},
          {-0.44, 0.22},
          {-0.4 - s, 0.42},
          {-0.28 - s, 0.72},
          {-0.1 - 0.4 * s, 1.05},
          {0.03, tall - 0.03}},
         -0.2);
    sail({{0.07, tall - 0.12}, {0.24 + s, 0.7}, {0.42 + 0.5 * s, 0.35}, {0.48, 0.17}, {0.1, 0.22}},
         0.25);
  }
  Outline hull;
  for (int i = 0; i <= 10; ++i) {
    const double t = i / 10.0;
    const double bow = 2 * t - 1;
    hull.push_back(
        place(-0.48 + 1.02 * t, 0.125 + 0.06 * bow * bow + (t > 0.5 ? 0.05 * (t - 0.5) : 0)));
  }
  hull.insert(hull.end(),
              {place(0.42, 0), place(0.3, -0.025), place(-0.34, -0.025), place(-0.43, 0)});
  canvas.paint(hull, [&](double x, double y) {
    const cv::Point2d at = local(x, y);
    const double plank = at.y / 0.035 - std::floor(at.y / 0.035);
    const double wear = grain.fractal(6 * at.x, 14 * at.y, 3);
    Colour colour = boat.hull * (1 + 0.18 * wear - (plank < 0.16 ? 0.16 : 0.0));
    if (at.y > 0.118 + 0.2 * at.x * at.x) colour = {0.9, 0.86, 0.76};
    if (at.y < 0.02) colour = Colour{0.35, 0.12, 0.1};
    const double share = std::clamp(0.45 + 0.9 * at.x * towards + 1.5 * (at.y - 0.07), 0.0, 1.0);
    return finish(colour, share);
  });
  if (boat.has_cabin) {
    const Outline cabin{place(-0.3, 0.14), place(-0.02, 0.13), place(-0.05, 0.29),
                        place(-0.28, 0.29)};
    canvas.paint(cabin, [&](double x, double y) {
      const cv::Point2d at = local(x, y);
      const double column = (at.x + 0.3) / 0.09 - std::floor((at.x + 0.3) / 0.09);
      const bool is_pane = at.y > 0.19 && at.y < 0.255 && column > 0.25 && column < 0.8;
      if (is_pane && air.is_dark) return Colour{1, 0.8, 0.4} * dim;
      return is_pane ? finish({0.15, 0.2, 0.25}, 0.4)
                     : finish({0.92, 0.9, 0.84}, at.y > 0.275 ? 0.3 : 0.75);
    });
  }
  canvas.line(place(0.045, tall).x, place(0.045, tall).y, place(0.53, 0.2).x, place(0.53, 0.2).y,
              canvas.pixel(), wood);
}

void far_coast(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air) {
  const ValueNoise shape(random);
  const ValueNoise relief(random);
  const Colour wood = drawn_colour(random, {0.2, 0.4}, {0.25, 0.5}, {0.35, 0.55});
  const double height = random.uniform(0.05, 0.2);
  ridge(canvas, shape, camera.horizon + 0.01, height, random.uniform(1, 2.5),
        camera.horizon + 0.012, [&](double x, double y, double) {
          const double rough = relief.fractal(16 * x, 26 * y, 4);
          return air.through(0.9 * air.clearness, air.lit(wood, std::clamp(0.5 + rough, 0.0, 1.1)));
        });
  if (random.below(3) == 0) return;
  // A town on the quay.
  const double depth = random.uniform(45, 85);
  double x = camera.lateral(random.uniform(-0.1, 0.35), depth);
  const auto houses = 5 + random.below(9);
  for (std::uint64_t i = 0; i < houses; ++i) {
    House drawn;
    drawn.width = random.uniform(5, 9);
    drawn.length = random.uniform(5, 8);
    drawn.height = random.uniform(5, 11);
    drawn.roof = random.uniform(1.5, 3.5);
    drawn.angle = random.uniform(-0.25, 0.25);
    drawn.middle = {x + 0.5 * drawn.width, 0, depth + random.uniform(0, 4)};
    x += drawn.width * random.uniform(0.95, 1.25);
    const Facade facade = drawn_facade(random);
    house(canvas, random, camera, air, drawn, facade);
  }
}

Boat drawn_boat(KeyedRandom& random, const Camera& camera, double depth) {
  Boat boat;
  boat.depth = depth;
  boat.x = random.uniform(-0.46, 0.46) * depth / camera.focal;
  boat.length = random.uniform(5, 9);
  boat.side = random.below(2) == 0 ? -1 : 1;
  boat.hull = drawn_colour(random, {0, 1}, {0.2, 0.75}, {0.25, 0.8});
  boat.sail = random.below(3) == 0 ? drawn_colour(random, {-0.03, 0.1}, {0.5, 0.75}, {0.65, 0.9})
                                   : drawn_colour(random, {0.08, 0.14}, {0.05, 0.2}, {0.88, 1});
  boat.has_sails = random.below(3) != 0;
  boat.has_cabin = random.below(2) == 0;
  boat.swell = random.uniform(0, 0.07);
  return boat;
}

}  // namespace

void harbour(Canvas& canvas, KeyedRandom& random) {
  const Air air = drawn_air(random);
  Camera camera;
  camera.vanishing_x = 0.5;
  camera.horizon = random.uniform(0.38, 0.56);
  camera.focal = random.uniform(1, 1.35);
  camera.eye = random.uniform(2.6, 4.5);
  paint_sky(canvas, random, camera, air);
  if (random.below(4) != 0) far_coast(canvas, random, camera, air);
  std::vector<Boat> boats;
  const auto count = 2 + random.below(6);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double near = random.uniform();  // more of them nearer
    const double depth = 13 + 45 * near * random.uniform();
    boats.push_back(drawn_boat(random, camera, depth));
  }
  std::stable_sort(boats.begin(), boats.end(),
                   [](const Boat& a, const Boat& b) { return a.depth > b.depth; });
  const ValueNoise grain(random);
  const double shore = camera.horizon + 0.012;
  paint_water(canvas, random, camera, air, shore, [](double, double) { return 1.0; });
  const ValueNoise ripples(random);
  for (const Boat& boat : boats) {
    const cv::Point2d foot = camera.see({boat.x, 0, boat.depth});
    const double size = boat.length * camera.scale(boat.depth);
    const Canvas before = canvas;
    paint_boat(canvas, camera, air, grain, boat, -1);
    // Waves break the mirrored image up, the more the farther from the boat.
    const Canvas mirrored = canvas;
    canvas.wash(
        foot.x - 0.7 * size, foot.y - 0.02 * size, foot.x + 0.7 * size, foot.y + 1.35 * size,
        [&](double x, double y) -> Paint {
          const double away = (y - foot.y) / size;
          const double depth = camera.ground_depth(std::max(y, camera.horizon + 0.004));
          const double wave = ripples.fractal(0.5 * camera.lateral(x, depth), 2.2 * depth, 3);
          const double shift = (0.015 + 0.12 * std::max(away, 0.0)) * size * wave;
          const Colour seen = mirrored.at(x + shift, y + 0.6 * shift);
          const Colour bare = before.at(x, y);
          const double fade = std::clamp(0.85 - 0.55 * away - 0.5 * std::max(wave, 0.0), 0.0, 1.0);
          return {mixed(bare, seen, fade), 1};
        });
    paint_boat(canvas, camera, air, grain, boat, 1);
  }
}

}  // namespace epochal::scene
