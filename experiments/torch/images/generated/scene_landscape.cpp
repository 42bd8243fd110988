// Open land.

#include <algorithm>

#include "experiments/torch/images/generated/generated_scenes.h"
#include "experiments/torch/images/generated/portable_trigonometry.h"
#include "experiments/torch/images/generated/scene_bodies.h"
#include "experiments/torch/images/generated/scene_buildings.h"
#include "experiments/torch/images/generated/scene_plants.h"
#include "experiments/torch/images/generated/scene_water.h"

namespace epochal::scene {
namespace {

Colour drawn_field(KeyedRandom& random) {
  switch (random.below(4)) {
    case 0:
      return drawn_colour(random, {0.11, 0.14}, {0.5, 0.7}, {0.75, 0.9});  // corn
    case 1:
      return drawn_colour(random, {0.06, 0.1}, {0.3, 0.5}, {0.5, 0.7});  // earth
    default:
      return drawn_colour(random, {0.17, 0.3}, {0.4, 0.65}, {0.45, 0.7});  // grass
  }
}

void mountains(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air) {
  const int ridges = 1 + static_cast<int>(random.below(3));
  const bool has_snow = random.below(2) == 0;
  const Colour rock = drawn_colour(random, {0.58, 0.7}, {0.1, 0.3}, {0.4, 0.6});
  const Colour wood = drawn_colour(random, {0.25, 0.42}, {0.25, 0.45}, {0.3, 0.5});
  const double tallest = random.uniform(0.1, 0.34);
  for (int i = 0; i < ridges; ++i) {
    const ValueNoise shape(random);
    const ValueNoise relief(random);
    const double near = (i + 1.0) / ridges;
    const double height = tallest * (1.25 - 0.85 * near);
    const double depth = air.clearness * (2.6 - 1.9 * near);
    const bool is_rock = i == 0 && tallest > 0.18;
    ridge(canvas, shape, camera.horizon + 0.015, height, random.uniform(1.2, 2.8),
          camera.horizon + 0.03, [&](double x, double y, double top) {
            const double rough = relief.fractal(13 * x + 5 * y * air.to_sun.x, 20 * y, 4);
            const double share = std::clamp(0.55 + 0.9 * rough, 0.0, 1.1);
            const double snow =
                has_snow && is_rock
                    ? smooth_step(0.02, -0.05, y - top - 0.45 * height + 0.12 * height * rough)
                    : 0.0;
            const Colour ground = mixed(is_rock ? rock : wood, {0.97, 0.97, 1}, snow);
            return air.through(depth, air.lit(ground, share));
          });
  }
}

/// Grass, fields and a path: every ground colour in metres of the plane.
struct Ground {
  Colour near;
  Colour far;
  Colour path;
  double path_x;
  double path_bend;
  double path_width;
  double furrow;  ///< how strongly rows of a field are seen
  double turn;
};

void paint_ground(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
                  const Ground& ground) {
  const ValueNoise soil(random);
  const ValueNoise patches(random);
  const double lit = 0.25 + 0.75 * air.to_sun.up;
  const double c = portable_cos(ground.turn);
  const double s = portable_sin(ground.turn);
  canvas.wash(0, camera.horizon, 1, 1, [&](double x, double y) -> Paint {
    const double depth = camera.ground_depth(std::max(y, camera.horizon + 0.002));
    const double across = camera.lateral(x, depth);
    const double patch = patches.fractal(across / 28 + 7, depth / 18, 3);
    const double seen = std::clamp(1.25 - depth / 45, 0.0, 1.0);
    const double blades = seen > 0 ? soil.fractal(across * 3, depth * 1.2, 5) : 0.0;
    const double tufts = soil.fractal(across * 0.6 + 9, depth * 0.35, 2);
    Colour colour = mixed(ground.near, ground.far, smooth_step(-0.15, 0.15, patch));
    const double row = portable_sin(2.4 * (c * across + s * depth));
    colour = colour * (1 + 0.2 * tufts + seen * (0.32 * blades + ground.furrow * 0.16 * row));
    const double middle = ground.path_x + ground.path_bend * portable_sin(depth / 11 + ground.turn);
    const double aside =
        std::abs(across - middle) / std::max(ground.path_width, 0.1) + 0.3 * seen * blades;
    const double edge = 0.15 + 0.01 * depth;
    const double on_path = ground.path_width > 0 ? smooth_step(1 + edge, 1 - edge, aside) : 0.0;
    colour = mixed(colour, ground.path * (1 + 0.16 * blades), on_path);
    return {air.through(depth, air.lit(colour, lit + 0.25 * tufts)), 1};
  });
}

TreeKind drawn_kind(KeyedRandom& random, TreeKind usual) {
  if (random.below(4) != 0) return usual;
  return static_cast<TreeKind>(random.below(3));
}

/// Something that stands at a depth; drawn from far to near.
enum Thing { kTree, kHouse, kBush, kAnimal, kPerson };

struct Stand {
  double depth;
  double x;
  Thing what;
};

void far_woods(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
               TreeKind usual, const Colour& leaf) {
  const auto count = 10 + random.below(26);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double depth = 120 - 70 * (static_cast<double>(i) / static_cast<double>(count));
    const double x = random.uniform(-0.55, 0.55) * depth / camera.focal;
    tree(canvas, random, camera, air, usual, {x, 0, depth}, random.uniform(5, 9), leaf);
  }
}

/// Water from the bank where all things stand to a near bank with bushes.
void lake(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air, double bank,
          const Colour& leaf) {
  const ValueNoise edge(random);
  const double shore = camera.see({0, 0, bank}).y + 0.002;
  const double near = random.uniform(0.82, 1.05);
  const double slant = random.uniform(-0.3, 0.3);
  paint_water(canvas, random, camera, air, shore, [&](double x, double y) {
    const double rough = 0.1 * edge.fractal(4 * x, 9 * y, 4);
    return smooth_step(-0.003, 0.006, std::min(y - shore, near - y + rough + slant * (x - 0.5)));
  });
  const auto bushes = random.below(5);
  for (std::uint64_t i = 0; i < bushes; ++i) {
    const double y = near + random.uniform(0.02, 0.08);
    const double x = slant > 0 ? random.uniform(-0.05, 0.4) : random.uniform(0.6, 1.05);
    const double depth = camera.ground_depth(y);
    bush(canvas, random, camera, air, {camera.lateral(x, depth), 0, depth},
         random.uniform(0.5, 1.1), leaf);
  }
}

}  // namespace

void landscape(Canvas& canvas, KeyedRandom& random) {
  const Air air = drawn_air(random);
  Camera camera;
  camera.vanishing_x = random.uniform(0.35, 0.65);
  camera.horizon = random.uniform(0.36, 0.6);
  camera.focal = random.uniform(0.9, 1.4);
  camera.eye = random.uniform(1.9, 4.5);
  paint_sky(canvas, random, camera, air);
  if (random.below(5) != 0) mountains(canvas, random, camera, air);

  const Colour leaf = drawn_leaf(random);
  const auto usual = static_cast<TreeKind>(random.below(3));
  Ground ground{drawn_field(random), drawn_field(random), {}, 0, 0, 0, 0, 0};
  ground.path = drawn_colour(random, {0.07, 0.11}, {0.2, 0.4}, {0.65, 0.85});
  ground.path_x = random.uniform(-3, 3);
  ground.path_bend = random.uniform(0.5, 4);
  ground.path_width = random.below(3) == 0 ? 0 : random.uniform(0.6, 1.6);
  ground.furrow = random.below(2) == 0 ? random.uniform(0.4, 1) : 0;
  ground.turn = random.uniform(0, kPi);
  paint_ground(canvas, random, camera, air, ground);
  if (random.below(3) != 0) far_woods(canvas, random, camera, air, usual, leaf * 0.85);

  const bool has_lake = random.below(3) == 0;
  const double bank = has_lake ? random.uniform(17, 34) : 9;  // nothing far stands nearer
  std::vector<Stand> stands;
  const auto place = [&](double depth, double reach, Thing what) {
    stands.push_back({depth, random.uniform(-reach, reach) * depth / camera.focal, what});
  };
  const auto place_all = [&](std::uint64_t count, double reach, Thing what, const auto& depth) {
    for (std::uint64_t i = 0; i < count; ++i) place(depth(), reach, what);
  };
  place_all(3 + random.below(9), 0.55, kTree, [&] {
    const double near = random.uniform();  // more of them nearer
    return bank + 1 + 40 * near * random.uniform();
  });
  place_all(random.below(4), 0.4, kHouse,
            [&] { return std::max(bank + 5, 18.0) + 22 * random.uniform(); });
  place_all(2 + random.below(7), 0.6, kBush, [&] { return bank + 22 * random.uniform(); });
  // Feet nearer than this would stand below the picture.
  const double front = std::max(5.0, camera.ground_depth(0.96));
  const auto kind = static_cast<Animal>(random.below(kAnimals));
  const auto animals = !has_lake && random.below(2) == 0 ? 1 + random.below(4) : 0;
  place_all(animals, 0.35, kAnimal, [&] { return front + random.uniform(0, 9); });
  if (!has_lake && random.below(3) == 0) {
    const double depth = front + random.uniform(1, 7);
    place(depth, 0.2, kPerson);
  }
  std::stable_sort(stands.begin(), stands.end(),
                   [](const Stand& a, const Stand& b) { return a.depth > b.depth; });
  for (const Stand& stand : stands) {
    const Vector foot{stand.x, 0, stand.depth};
    switch (stand.what) {
      case kTree: {
        const Colour own = leaf * random.uniform(0.85, 1.1);
        const TreeKind kind_of_tree = drawn_kind(random, usual);
        tree(canvas, random, camera, air, kind_of_tree, foot, random.uniform(4.5, 10), own);
        break;
      }
      case kHouse: {
        House drawn;
        drawn.middle = foot;
        drawn.width = random.uniform(6, 10);
        drawn.length = random.uniform(5, 7);
        drawn.height = random.uniform(2.8, 5.5);
        drawn.roof = random.uniform(2, 4);
        drawn.angle = random.uniform(-0.9, 0.9);
        const Facade facade = drawn_facade(random);
        house(canvas, random, camera, air, drawn, facade);
        break;
      }
      case kBush: {
        const Colour own = leaf * random.uniform(0.8, 1.1);
        bush(canvas, random, camera, air, foot, random.uniform(0.6, 1.6), own);
        break;
      }
      case kAnimal:
        animal(canvas, random, camera, air, foot,
               kind == Animal::dog || kind == Animal::sheep ? 0.8 : 1.5, kind);
        break;
      case kPerson:
        person(canvas, random, camera, air, foot, random.uniform(1.55, 1.85));
    }
  }
  if (has_lake) lake(canvas, random, camera, air, bank, leaf);
}

}  // namespace epochal::scene
