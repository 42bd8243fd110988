// A street: two rows of houses, of which one throws its shadow on the other side.

#include <algorithm>

#include "experiments/torch/images/generated/generated_scenes.h"
#include "experiments/torch/images/generated/portable_trigonometry.h"
#include "experiments/torch/images/generated/scene_bodies.h"
#include "experiments/torch/images/generated/scene_buildings.h"
#include "experiments/torch/images/generated/scene_plants.h"

namespace epochal::scene {
namespace {

struct Road {
  double half_width;
  double pavement;
  double typical_height;
  bool has_cobbles;
};

void paint_road(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
                const Road& road) {
  const ValueNoise grain(random);
  const Colour tar = drawn_colour(random, {0.05, 0.65}, {0.02, 0.14}, {0.4, 0.62});
  const Colour slabs = drawn_colour(random, {0.07, 0.13}, {0.05, 0.2}, {0.62, 0.8});
  const double kerb = road.half_width;
  const double edge = kerb + road.pavement;
  // The row on the sun's side shades the ground as far as its roofs' shadows reach.
  const double reach = road.typical_height * std::abs(air.to_sun.x) / std::max(air.to_sun.up, 0.15);
  const double side = air.to_sun.x > 0 ? 1 : -1;
  canvas.wash(0, camera.horizon, 1, 1, [&](double x, double y) -> Paint {
    const double depth = camera.ground_depth(std::max(y, camera.horizon + 0.002));
    const double across = camera.lateral(x, depth);
    const double aside = std::abs(across);
    const double seen = std::clamp(1.3 - depth / 25, 0.0, 1.0);
    const double rough = grain.fractal(across * 0.8, depth * 0.5, 4);
    Colour colour = aside < kerb ? tar : slabs;
    colour = colour * (1 + 0.28 * rough);
    const double size = aside < kerb ? 0.28 : 0.9;
    if (road.has_cobbles || aside >= kerb) {
      const double row = depth / size;
      const double shift = static_cast<std::int64_t>(std::floor(row)) % 2 == 0 ? 0.0 : 0.5;
      const double column = across / size + shift;
      const double u = row - std::floor(row) - 0.5;
      const double v = column - std::floor(column) - 0.5;
      const double tone = grain.at(std::floor(column) * 3.1 + 0.5, std::floor(row) * 3.7 + 0.5);
      const double joint = smooth_step(0.36, 0.5, std::max(std::abs(u), std::abs(v)));
      colour = colour * (1 + seen * (0.25 * tone - 0.35 * joint));
    }
    if (std::abs(aside - kerb) < 0.09) colour = slabs * 1.15;
    const double from_wall = edge - side * across;
    const double ragged = reach * (0.85 + 0.3 * grain.at(3, depth / 9));
    const double sunlit = smooth_step(ragged - 0.35, ragged + 0.35, from_wall);
    return {air.through(depth, air.lit(colour, sunlit * (0.25 + 0.75 * air.to_sun.up))), 1};
  });
}

void facade_pair(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
                 double side, double edge, double front, double length, double height) {
  const ValueNoise grain(random);
  Facade facade = drawn_facade(random);
  facade.has_shop = random.below(3) == 0;
  facade.has_door = !facade.has_shop;
  const Vector up{0, 1, 0};
  const Vector inward{-side, 0, 0};
  // The end wall, above a lower neighbour or at the near end of the row.
  const Patch end{{side > 0 ? edge : -edge - 9, 0, front}, {1, 0, 0}, up, 9, height};
  Facade blank = facade;
  blank.has_shop = false;
  blank.has_door = false;
  wall(canvas, grain, camera, air, end, blank, air.share({0, 0, -1}));
  const Patch along{{side * edge, 0, front}, {0, 0, 1}, up, length, height};
  wall(canvas, grain, camera, air, along, facade, air.share(inward));
  // A cornice, and a roof that leans back.
  const Colour tiles = drawn_colour(random, {-0.02, 0.08}, {0.2, 0.55}, {0.3, 0.5});
  const Patch cornice{{side * (edge - 0.25), height - 0.3, front}, {0, 0, 1}, up, length, 0.45};
  paint_patch(canvas, camera, cornice, {{0, 0}, {length, 0}, {length, 0.45}, {0, 0.45}},
              [&](double, double v, double depth) {
                return air.through(
                    depth, air.lit(facade.wall * (v < 0.12 ? 0.55 : 1.1), air.share(inward)));
              });
  const Vector slope = unit({side, 0.9, 0});
  const double rise = random.uniform(1.5, 3.5);
  const Patch roof{{side * (edge - 0.25), height + 0.1, front}, {0, 0, 1}, slope, length, rise};
  const double back = edge - 0.25 + rise * std::abs(slope.x);
  const double top = height + 0.1 + rise * slope.up;
  const Patch gable{{0, 0, front}, {1, 0, 0}, up, 1, 1};
  paint_patch(canvas, camera, gable,
              {{side * (edge - 0.25), height},
               {side * back, top},
               {side * (back + 9), top},
               {side * (back + 9), height}},
              [&](double, double, double depth) {
                return air.through(depth, air.lit(facade.wall * 0.9, air.share({0, 0, -1})));
              });
  if (camera.eye < height) {
    paint_patch(canvas, camera, roof, {{0, 0}, {length, 0}, {length, rise}, {0, rise}},
                [&](double u, double v, double depth) {
                  const double row = v / 0.3 - std::floor(v / 0.3);
                  const double tone = grain.fractal(u, v, 3);
                  return air.through(depth,
                                     air.lit(tiles * (0.95 + 0.25 * tone - (row < 0.25 ? 0.2 : 0)),
                                             air.share(unit({-side * 0.9, 1, 0}))));
                });
  }
}

void lamp(Canvas& canvas, const Camera& camera, const Air& air, double x, double depth) {
  const cv::Point2d foot = camera.see({x, 0, depth});
  const cv::Point2d head = camera.see({x, 4.2, depth});
  const double size = camera.scale(depth);
  const Colour iron = air.through(depth, air.lit({0.13, 0.15, 0.15}, 0.6));
  canvas.polygon({{foot.x - 0.07 * size, foot.y},
                  {foot.x + 0.07 * size, foot.y},
                  {head.x + 0.04 * size, head.y},
                  {head.x - 0.04 * size, head.y}},
                 iron);
  const Colour glass =
      air.is_dark ? Colour{1, 0.92, 0.66} : air.through(depth, air.lit({0.8, 0.82, 0.8}, 0.8));
  canvas.polygon({{head.x - 0.13 * size, head.y},
                  {head.x + 0.13 * size, head.y},
                  {head.x + 0.2 * size, head.y - 0.45 * size},
                  {head.x - 0.2 * size, head.y - 0.45 * size}},
                 glass);
  canvas.polygon({{head.x - 0.26 * size, head.y - 0.45 * size},
                  {head.x + 0.26 * size, head.y - 0.45 * size},
                  {head.x, head.y - 0.72 * size}},
                 iron);
  if (!air.is_dark) return;
  const double reach = 1.6 * size;
  const double y0 = head.y - 0.2 * size;
  canvas.wash(head.x - reach, y0 - reach, head.x + reach, y0 + reach,
              [&](double x0, double y) -> Paint {
                const double dx = (x0 - head.x) / reach;
                const double dy = (y - y0) / reach;
                const double near = std::max(0.0, 1 - dx * dx - dy * dy);
                return {{1, 0.82, 0.5}, 0.5 * near * near * near};
              });
}

void end_of_street(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
                   double width) {
  const ValueNoise grain(random);
  Facade facade = drawn_facade(random);
  const double depth = 62;
  if (random.below(2) == 0) {  // a church
    const double x = random.uniform(-3, 3);
    const Patch tower{{x - 3, 0, depth}, {1, 0, 0}, {0, 1, 0}, 6, 19};
    facade.has_door = true;
    wall(canvas, grain, camera, air, tower, facade, air.share({0, 0, -1}));
    const Colour spire = air.through(depth, air.lit({0.3, 0.36, 0.38}, 0.5));
    canvas.polygon({camera.see({x - 3.4, 19, depth}), camera.see({x + 3.4, 19, depth}),
                    camera.see({x, 33, depth})},
                   spire);
    canvas.polygon(
        {camera.see({x, 19, depth}), camera.see({x + 3.4, 19, depth}), camera.see({x, 33, depth})},
        spire * 0.85);
    return;
  }
  const Colour leaf = drawn_leaf(random);
  for (int i = 0; i < 6; ++i) {
    const Vector foot{random.uniform(-width, width), 0, depth + 8 - 2.0 * i};
    tree(canvas, random, camera, air, TreeKind::round, foot, random.uniform(7, 12), leaf);
  }
}

}  // namespace

void street(Canvas& canvas, KeyedRandom& random) {
  const Air air = drawn_air(random);
  Camera camera;
  camera.vanishing_x = random.uniform(0.3, 0.7);
  camera.horizon = random.uniform(0.5, 0.64);
  camera.focal = random.uniform(0.75, 1.05);
  camera.eye = random.uniform(1.6, 2.6);
  paint_sky(canvas, random, camera, air);
  const Road road{random.uniform(2.2, 4.2), random.uniform(1.2, 2.4), random.uniform(5.5, 11),
                  random.below(2) == 0};
  paint_road(canvas, random, camera, air, road);
  const double edge = road.half_width + road.pavement;
  end_of_street(canvas, random, camera, air, edge);
  const bool has_trees = random.below(3) == 0;
  const bool is_one_sided = random.below(4) == 0;
  const double open_side = random.below(2) == 0 ? -1 : 1;
  const Colour leaf = drawn_leaf(random);
  for (const double side : {-1.0, 1.0}) {
    if (is_one_sided && side == open_side) continue;
    std::vector<double> fronts{0.9};
    while (fronts.back() < 55) fronts.push_back(fronts.back() + random.uniform(5, 9.5));
    for (std::size_t i = fronts.size() - 1; i-- > 0;) {
      const double height = road.typical_height * random.uniform(0.75, 1.3);
      facade_pair(canvas, random, camera, air, side, edge, fronts[i], fronts[i + 1] - fronts[i],
                  height);
    }
  }
  for (int i = 5; i >= 0; --i) {
    const double depth = 5 + 6.5 * i;
    for (const double side : {-1.0, 1.0}) {
      const bool is_open = is_one_sided && side == open_side;
      const double x = side * (road.half_width + 0.5);
      if (has_trees || is_open) {
        tree(canvas, random, camera, air, TreeKind::round, {is_open ? x + side * 0.6 : x, 0, depth},
             random.uniform(4, 7), leaf);
      } else if (i % 2 == 0) {
        lamp(canvas, camera, air, x, depth + 2);
      }
    }
    const auto people = random.below(3);
    for (std::uint64_t p = 0; p < people; ++p) {
      const double where = random.uniform(-1, 1) * edge * 0.85;
      person(canvas, random, camera, air, {where, 0, depth + 1}, random.uniform(1.5, 1.9));
    }
  }
}

}  // namespace epochal::scene
