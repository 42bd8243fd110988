// Walls with windows, bricks and doors, and houses of them.

#include "experiments/torch/images/generated/scene_buildings.h"

#include "experiments/torch/images/generated/portable_trigonometry.h"

namespace epochal::scene {
namespace {

double fraction(double value) {
  return value - std::floor(value);
}

/// A number in [0,1) for each window.
double chance(const ValueNoise& grain, double column, double row) {
  return 0.5 + 0.5 * grain.at(std::floor(column) + 0.5, std::floor(row) + 100.5) * 1.6;
}

Colour surface(const ValueNoise& grain, const Facade& facade, double u, double v, double depth) {
  const double stain = grain.fractal(0.5 * u, 0.25 * v, 3);
  Colour colour = facade.wall * (1 + 0.16 * stain);
  // Joints are too fine to be seen from afar.
  const double seen = std::clamp(1.4 - depth / 26, 0.0, 1.0);
  if (facade.facing == Facing::plaster || seen <= 0) return colour;
  const double high = facade.facing == Facing::brick ? 0.16 : 0.45;
  const double wide = facade.facing == Facing::brick ? 0.44 : 0.8;
  const double row = v / high;
  const double column =
      u / wide + (static_cast<std::int64_t>(std::floor(row)) % 2 == 0 ? 0.25 : 0.75);
  const double tone = grain.at(std::floor(column) + 0.5, std::floor(row) + 0.5);
  colour = colour * (1 + 0.28 * seen * tone);
  const bool is_joint = fraction(row) < 0.14 || fraction(column) < 0.06;
  return is_joint ? mixed(colour, mixed(facade.wall, {0.8, 0.78, 0.72}, 0.5) * 0.85, 0.75 * seen)
                  : colour;
}

/// A window's glass in its frame, or the door; x and y in [0,1] of it, y upwards.
Colour pane(const Air& air, const Facade& facade, double x, double y, double fate, double share) {
  const bool is_frame = x < 0.09 || x > 0.91 || y < 0.06 || y > 0.94 || std::abs(x - 0.5) < 0.035 ||
                        std::abs(y - 0.6) < 0.025;
  if (is_frame) return air.lit(facade.frame, share);
  if (air.is_dark && fate < 0.6) return mixed({1, 0.82, 0.42}, {1, 0.62, 0.25}, fate);
  const Colour reflected = mixed(air.haze, air.zenith, 0.3 + 0.7 * y) * 0.7;
  const Colour room{0.10, 0.11, 0.13};
  return mixed(room, reflected, 0.22 + 0.3 * y + 0.25 * fate);
}

}  // namespace

Facade drawn_facade(KeyedRandom& random) {
  Facade facade;
  facade.facing = static_cast<Facing>(random.below(3));
  switch (facade.facing) {
    case Facing::brick:
      facade.wall = drawn_colour(random, {0.0, 0.05}, {0.45, 0.65}, {0.55, 0.75});
      break;
    case Facing::stone:
      facade.wall = drawn_colour(random, {0.08, 0.14}, {0.12, 0.3}, {0.65, 0.85});
      break;
    case Facing::plaster: {
      constexpr std::array<double, 6> kHues{0.02, 0.07, 0.11, 0.14, 0.45, 0.58};
      const double hue = kHues.at(random.below(kHues.size()));
      facade.wall = drawn_colour(random, {hue - 0.02, hue + 0.02}, {0.12, 0.55}, {0.75, 0.97});
    }
  }
  constexpr std::array<Colour, 5> kFrames{
      {{.93, .92, .88}, {.93, .92, .88}, {.35, .25, .18}, {.2, .36, .3}, {.25, .35, .5}}};
  facade.frame = kFrames.at(random.below(kFrames.size()));
  facade.floor_height = random.uniform(2.8, 3.5);
  facade.bay = random.uniform(1.9, 3);
  facade.window_width = facade.bay * random.uniform(0.38, 0.52);
  facade.window_height = facade.floor_height * random.uniform(0.45, 0.6);
  return facade;
}

void wall(Canvas& canvas, const ValueNoise& grain, const Camera& camera, const Air& air,
          const Patch& patch, const Facade& facade, double share) {
  const double bays = std::max(1.0, std::floor(patch.width / facade.bay));
  const double bay = patch.width / bays;
  const double floors = std::max(1.0, std::floor(patch.height / facade.floor_height + 0.25));
  const double storey = patch.height / floors;
  const double half = 0.5 * std::min(facade.window_width, 0.6 * bay) / bay;
  const double low = 0.28;
  const double high = low + std::min(0.62, facade.window_height / storey);
  const double door = std::floor(0.5 * bays);
  const auto shade = [&](double u, double v, double depth) {
    const double column = u / bay;
    const double row = v / storey;
    const double x = fraction(column);
    const double y = fraction(row);
    const bool is_below = row < 1;
    const auto finish = [&](const Colour& colour) { return air.through(depth, colour); };
    if (facade.has_shop && is_below) {
      if (y > 0.82) return finish(air.lit(facade.frame * 0.8, share));
      if (x > 0.1 && x < 0.9 && y > 0.14) {
        return finish(pane(air, facade, (x - 0.1) / 0.8, (y - 0.14) / 0.68, 0.3, share));
      }
      return finish(air.lit(facade.frame * 0.6, share));
    }
    if (facade.has_door && is_below && std::floor(column) == door) {
      const double across = (x - 0.5) / (2 * half) + 0.5;
      if (across > -0.1 && across < 1.1 && y < 0.74) {
        const bool is_leaf = across > 0.03 && across < 0.97 && y < 0.7;
        const bool is_panel = std::abs(fraction(2 * across) - 0.5) < 0.34 && fraction(3 * y) > 0.2;
        const Colour leaf = facade.frame.red > 0.8 ? Colour{0.4, 0.22, 0.14} : facade.frame;
        return finish(
            air.lit(is_leaf ? leaf * (is_panel ? 0.75 : 1.0) : facade.wall * 1.12, share));
      }
    } else if (std::abs(x - 0.5) < half && y > low && y < high) {
      const double fate = chance(grain, column, row);
      // The reveal above throws a shadow on the glass.
      const double shaded = (y - low) / (high - low) > 0.88 ? 0.6 : 1.0;
      return finish(
          pane(air, facade, (x - 0.5 + half) / (2 * half), (y - low) / (high - low), fate, share) *
          shaded);
    } else if (std::abs(x - 0.5) < half + 0.05 && y > low - 0.05 && y < high + 0.04) {
      return finish(air.lit(mixed(facade.wall, {0.95, 0.93, 0.88}, 0.5), share));
    }
    const double foot = 1 - 0.35 * smooth_step(0.9, 0, v);
    const double eaves = 1 - 0.4 * smooth_step(0.5, 0.1, patch.height - v);
    const Colour below = surface(grain, facade, u, v, depth);
    return finish(air.lit(below * foot, share * eaves));
  };
  paint_patch(canvas, camera, patch,
              {{0, 0}, {patch.width, 0}, {patch.width, patch.height}, {0, patch.height}}, shade);
}

void house(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
           const House& house, const Facade& facade) {
  const ValueNoise grain(random);
  const Colour tiles = drawn_colour(random, {-0.02, 0.08}, {0.3, 0.65}, {0.35, 0.62});
  const bool has_chimney = random.below(3) != 0;
  const Vector along{portable_cos(house.angle), 0, portable_sin(house.angle)};
  const Vector back{-along.depth, 0, along.x};
  const Vector up{0, 1, 0};
  const auto place = [&](double a, double b, double height) {
    return house.middle + along * (a * 0.5 * house.width) + back * (b * 0.5 * house.length) +
           up * height;
  };
  ground_shadow(canvas, camera, air, house.middle, 0.9 * (house.width + house.length) / 1.4,
                house.height + 0.6 * house.roof);

  // Each wall that faces the camera, with what is above it.
  struct Side {
    Vector corner;
    Vector across;
    double width;
    bool is_gable;
  };
  const std::array<Side, 4> sides{{{place(-1, -1, 0), along, house.width, false},
                                   {place(1, -1, 0), back, house.length, true},
                                   {place(1, 1, 0), along * -1, house.width, false},
                                   {place(-1, 1, 0), back * -1, house.length, true}}};
  const Vector eye{0, camera.eye, 0};
  const auto roof_side = [&](double b) {
    const Vector eave = place(-1.08, 1.12 * b, house.height - 0.12 * house.roof);
    const Vector slope = place(-1.08, 0, house.height + house.roof) - eave;
    const double length = std::sqrt(dot(slope, slope));
    const Patch patch{eave, along, unit(slope), 1.08 * house.width, length};
    Vector normal = unit(cross(patch.across, patch.upward));
    if (normal.up < 0) normal = normal * -1;
    if (dot(normal, eave - eye) > 0) return;  // turned away
    const double share = air.share(normal);
    paint_patch(
        canvas, camera, patch, {{0, 0}, {patch.width, 0}, {patch.width, length}, {0, length}},
        [&](double u, double v, double depth) {
          const double seen = std::clamp(1.3 - depth / 40, 0.0, 1.0);
          const double row = fraction(v / 0.32);
          const double tone = grain.at(u / 0.3, std::floor(v / 0.32));
          const double stain = grain.fractal(0.4 * u, 0.5 * v, 3);
          const double light = 1 + 0.2 * stain + seen * (0.18 * tone - 0.4 * (row < 0.2 ? 1 : 0));
          return air.through(depth, air.lit(tiles * light, share));
        });
  };
  const bool is_front_first = back.depth < 0;
  roof_side(is_front_first ? -1 : 1);
  for (const Side& side : sides) {
    const Vector normal = cross(side.across, up) * -1;
    const Vector outward = dot(normal, side.corner - house.middle) > 0 ? normal : normal * -1;
    if (dot(outward, side.corner - eye) > 0) continue;
    const double share = air.share(outward);
    Facade seen = facade;
    seen.has_door = !side.is_gable;
    wall(canvas, grain, camera, air, {side.corner, side.across, up, side.width, house.height}, seen,
         share);
    if (!side.is_gable) continue;
    const Patch gable{side.corner + up * house.height, side.across, up, side.width, house.roof};
    paint_patch(canvas, camera, gable, {{0, 0}, {side.width, 0}, {0.5 * side.width, house.roof}},
                [&](double u, double v, double depth) {
                  const Colour below = surface(grain, facade, u, v + house.height, depth);
                  return air.through(depth, air.lit(below, 0.9 * share));
                });
  }
  roof_side(is_front_first ? 1 : -1);
  if (!has_chimney) return;
  const Vector stack = place(0.5, 0, house.height + 0.75 * house.roof);
  const double size = 0.09 * house.width;
  const cv::Point2d low = camera.see(stack);
  const cv::Point2d high = camera.see(stack + up * (0.55 * house.roof));
  const double half = 0.5 * size * camera.scale(stack.depth);
  canvas.paint({{low.x - half, low.y},
                {low.x + half, low.y},
                {high.x + half, high.y},
                {high.x - half, high.y}},
               [&](double x, double) {
                 const double turn = (x - low.x) / half;
                 return air.through(stack.depth,
                                    air.lit({0.6, 0.36, 0.28},
                                            std::clamp(0.4 + 0.5 * turn * air.to_sun.x, 0.0, 1.0)));
               });
}

}  // namespace epochal::scene
