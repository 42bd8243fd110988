// Scenes: a camera at eye height looks along the ground. Lengths are in eye heights; what stands at
// `depth` is drawn 1 / depth as large.

#include "experiments/torch/generated_scenes.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "experiments/torch/canvas.h"
#include "experiments/torch/portable_trigonometry.h"

namespace epochal {
namespace {

constexpr double kPi = std::numbers::pi;

struct Light {
  double x;  ///< from -1 (left) to 1
  double y;  ///< from -1 (above) to 0
};

/// What all things of a scene share.
struct Air {
  Colour zenith;
  Colour haze;
  Colour ground;
  Light light;
  double day;        ///< brightness in [0,1]
  double clearness;  ///< depth at which half of a colour is haze

  Colour seen_from(double depth, const Colour& colour) const {
    return mixed(colour, haze, std::clamp(depth / (depth + clearness), 0.0, 0.85));
  }
};

struct Camera {
  double vanishing_x;
  double horizon;

  /// Where a point is seen: `lateral` to the right of the camera, `up` above the ground.
  cv::Point2d see(double lateral, double up, double depth) const {
    return {vanishing_x + (1 - horizon) * lateral / depth,
            horizon + (1 - horizon) * (1 - up) / depth};
  }
  /// Size on the picture of one eye height at this depth.
  double scale(double depth) const { return (1 - horizon) / depth; }
};

// --- things -------------------------------------------------------------------------------------

void shaded_ball(Canvas& canvas, double x, double y, double radius, const Colour& colour,
                 const Light& light) {
  canvas.ellipse(x - 0.5 * light.x * radius, y + radius, radius * 1.1, radius * 0.22,
                 {0.16, 0.16, 0.14});
  constexpr int kRings = 14;
  for (int ring = 0; ring < kRings; ++ring) {
    const double t = static_cast<double>(ring) / (kRings - 1);
    const Colour shade = mixed(darker(colour, 0.75), mixed(colour, {1, 1, 1}, 0.55), t);
    canvas.disc(x + light.x * 0.35 * t * radius, y + light.y * 0.45 * t * radius,
                radius * (1 - 0.86 * t), shade);
  }
}

/// Rows of bricks on an upright rectangle.
void bricks(Canvas& canvas, double left, double top, double width, double height,
            const Colour& mortar) {
  constexpr int kRows = 9;
  const double line = std::max(0.003, 0.012 * height);
  for (int row = 0; row < kRows; ++row) {
    const double y = top + height * row / kRows;
    canvas.line(left, y, left + width, y, line, mortar);
    for (int joint = 0; joint < 5; ++joint) {
      const double x = left + width * (joint + (row % 2 == 0 ? 0.25 : 0.75)) / 5;
      canvas.line(x, y, x, y + height / kRows, line, mortar);
    }
  }
}

void house(Canvas& canvas, KeyedRandom& random, double x, double ground, double width,
           const Colour& wall, const Light& light) {
  const double height = width * random.uniform(0.6, 1.5);
  const double side = width * random.uniform(0.25, 0.5);
  const double depth = side * 0.35;
  const double top = ground - height;
  const double sign = light.x > 0 ? -1 : 1;
  const double edge = sign > 0 ? x + width : x;
  canvas.polygon({{x, ground}, {x + width, ground}, {x + width, top}, {x, top}}, wall);
  if (random.below(2) == 0) bricks(canvas, x, top, width, height, darker(wall, 0.3));
  canvas.polygon({{edge, ground},
                  {edge + sign * side, ground - depth},
                  {edge + sign * side, top - depth},
                  {edge, top}},
                 darker(wall, 0.5));
  const Colour roof = drawn_colour(random, {-0.05, 0.1}, {0.6, 0.6}, {0.35, 0.65});
  const double peak = top - width * random.uniform(0.25, 0.6);
  canvas.polygon({{x - 0.05 * width, top}, {x + 1.05 * width, top}, {x + 0.5 * width, peak}}, roof);
  canvas.polygon({{edge, top},
                  {edge + sign * side, top - depth},
                  {x + 0.5 * width + sign * side, peak - depth},
                  {x + 0.5 * width, peak}},
                 darker(roof, 0.45));
  const int columns = 2 + static_cast<int>(random.below(2));
  const Colour pane = random.below(2) == 0 ? Colour{0.95, 0.86, 0.5} : Colour{0.25, 0.33, 0.42};
  for (int column = 0; column < columns; ++column) {
    const double left = x + width * (0.15 + 0.75 * column / columns);
    canvas.polygon({{left, top + 0.2 * height},
                    {left + 0.16 * width, top + 0.2 * height},
                    {left + 0.16 * width, top + 0.45 * height},
                    {left, top + 0.45 * height}},
                   pane);
  }
}

void tree(Canvas& canvas, KeyedRandom& random, double x, double ground, double height,
          const Light& light) {
  canvas.line(x, ground, x, ground - 0.5 * height, 0.07 * height, {0.32, 0.22, 0.14});
  const Colour leaf = drawn_colour(random, {0.17, 0.4}, {0.4, 0.8}, {0.35, 0.65});
  for (int clump = 0; clump < 26; ++clump) {
    const double angle = random.uniform(0, 2 * kPi);
    const double reach = 0.27 * height * std::sqrt(random.uniform());
    const double dx = reach * portable_cos(angle);
    const double dy = reach * portable_sin(angle);
    const double lit = 0.5 + 0.5 * (dx * light.x + dy * light.y) / (0.27 * height);
    canvas.disc(x + dx, ground - 0.68 * height + dy, 0.1 * height,
                mixed(darker(leaf, 0.6), mixed(leaf, {1, 1, 0.8}, 0.25), lit));
  }
}

/// A round column: strips from the dark side to the lit one.
void column(Canvas& canvas, double x, double ground, double width, double height,
            const Colour& colour, const Light& light) {
  constexpr int kStrips = 9;
  for (int strip = 0; strip < kStrips; ++strip) {
    const double left = x + width * (static_cast<double>(strip) / kStrips - 0.5);
    const double turn = 2 * (strip + 0.5) / kStrips - 1;  // -1 left … 1 right
    const double lit = std::clamp(0.5 + 0.5 * turn * light.x, 0.0, 1.0);
    canvas.polygon({{left, ground},
                    {left + width / kStrips, ground},
                    {left + width / kStrips, ground - height},
                    {left, ground - height}},
                   mixed(darker(colour, 0.7), mixed(colour, {1, 1, 1}, 0.3), lit));
  }
  const double cap = 0.7 * width;
  const double top = ground - height;
  canvas.polygon(
      {{x - cap, top}, {x + cap, top}, {x + cap, top - 0.3 * cap}, {x - cap, top - 0.3 * cap}},
      mixed(colour, {1, 1, 1}, 0.2));
}

/// A box that stands square to the camera: its front, and the wall that runs into the depth.
struct Box {
  double near_edge;  ///< lateral place of the edge towards the street; its sign is its side
  double width;
  double height;
  double front;  ///< depth
  double back;
};

void building(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
              const Box& box) {
  const Colour wall = drawn_colour(random, {-0.05, 0.15}, {0.05, 0.5},
                                   {0.45 + 0.4 * air.day, 0.45 + 0.5 * air.day});
  const Colour pane = random.below(3) == 0 ? Colour{0.95, 0.85, 0.5} : Colour{0.2, 0.26, 0.34};
  const double far_edge = box.near_edge + (box.near_edge > 0 ? box.width : -box.width);
  const bool is_side_lit = box.near_edge * air.light.x < 0;
  const auto corner = [&](double lateral, double up, double depth) {
    return camera.see(lateral, up * box.height, depth);
  };
  const auto at_depth = [&](double share) { return box.front + share * (box.back - box.front); };
  const auto across = [&](double share) {
    return box.near_edge + share * (far_edge - box.near_edge);
  };
  const double middle = 0.5 * (box.front + box.back);
  canvas.polygon({corner(box.near_edge, 0, box.front), corner(box.near_edge, 0, box.back),
                  corner(box.near_edge, 1, box.back), corner(box.near_edge, 1, box.front)},
                 air.seen_from(middle, is_side_lit ? wall : darker(wall, 0.5)));
  canvas.polygon({corner(box.near_edge, 0, box.front), corner(far_edge, 0, box.front),
                  corner(far_edge, 1, box.front), corner(box.near_edge, 1, box.front)},
                 air.seen_from(box.front, darker(wall, 0.2)));
  const int floors = 2 + static_cast<int>(random.below(4));
  constexpr int kWindows = 4;
  for (int floor = 0; floor < floors; ++floor) {
    const double low = (floor + 0.3) / floors;
    const double high = (floor + 0.75) / floors;
    for (int window = 0; window < kWindows; ++window) {
      const double from = (window + 0.25) / kWindows;
      const double to = (window + 0.7) / kWindows;
      canvas.polygon(
          {corner(box.near_edge, low, at_depth(from)), corner(box.near_edge, low, at_depth(to)),
           corner(box.near_edge, high, at_depth(to)), corner(box.near_edge, high, at_depth(from))},
          air.seen_from(at_depth(from), pane));
      canvas.polygon({corner(across(from), low, box.front), corner(across(to), low, box.front),
                      corner(across(to), high, box.front), corner(across(from), high, box.front)},
                     air.seen_from(box.front, darker(pane, 0.2)));
    }
  }
}

void ridge(Canvas& canvas, KeyedRandom& random, double base, double height, const Colour& colour) {
  const WaveField shape(random, 0.6, 3.5);
  std::vector<cv::Point2d> outline{{-0.05, 1.1}};
  for (int step = 0; step <= 40; ++step) {
    const double x = -0.05 + 1.1 * step / 40;
    outline.emplace_back(x, base - height * (0.5 + 0.5 * shape.at(x, 0)));
  }
  outline.emplace_back(1.05, 1.1);
  canvas.polygon(outline, colour);
}

// --- places -------------------------------------------------------------------------------------

/// Sky, and ground by shade(lateral, depth), a colour before the haze.
template <typename Ground>
void sky_and_ground(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
                    const Ground& shade) {
  const WaveField clouds(random, 1, 5);
  canvas.fill([&](double x, double y) {
    if (y <= camera.horizon) {
      const double cloud = std::clamp(1.6 * clouds.at(x, 2.5 * y) - 0.25, 0.0, 0.8);
      return mixed(mixed(air.zenith, air.haze, y / camera.horizon), {1, 1, 1}, cloud);
    }
    const double depth = (1 - camera.horizon) / (y - camera.horizon);
    const double lateral = (x - camera.vanishing_x) * depth / (1 - camera.horizon);
    return air.seen_from(depth, shade(lateral, depth));
  });
  if (random.below(3) == 0) return;
  canvas.disc(0.5 + 0.45 * air.light.x, camera.horizon * (1 + 0.8 * air.light.y),
              random.uniform(0.03, 0.07), mixed(air.haze, {1, 1, 0.85}, 0.8));
}

void thing(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
           double lateral, double depth) {
  const Colour drawn =
      drawn_colour(random, {0, 1}, {0.25, 0.85}, {0.4 + 0.5 * air.day, 0.4 + 0.6 * air.day});
  const Colour colour = air.seen_from(depth, drawn);
  const cv::Point2d foot = camera.see(lateral, 0, depth);
  const double size = camera.scale(depth) * random.uniform(0.7, 1.3);
  switch (random.below(4)) {
    case 0:
      shaded_ball(canvas, foot.x, foot.y - 0.4 * size, 0.4 * size, colour, air.light);
      break;
    case 1:
      house(canvas, random, foot.x, foot.y, 0.9 * size, colour, air.light);
      break;
    case 2:
      column(canvas, foot.x, foot.y, 0.3 * size, 1.6 * size, colour, air.light);
      break;
    default:
      tree(canvas, random, foot.x, foot.y, 1.7 * size, air.light);
  }
}

/// The far ones first, so that the near ones stand before them.
void scattered_things(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air) {
  const int things = 3 + static_cast<int>(random.below(6));
  for (int i = things; i > 0; --i) {
    const double depth = 1.3 + 0.9 * (i - random.uniform());
    const double lateral = random.uniform(-0.8, 0.8) * depth / (1 - camera.horizon);
    thing(canvas, random, camera, air, lateral, depth);
  }
}

void open_land(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air) {
  const WaveField soil(random, 1, 4);
  sky_and_ground(canvas, random, camera, air, [&](double lateral, double depth) {
    return darker(air.ground, 0.25 + 0.2 * soil.at(lateral, depth));
  });
  const int ridges = static_cast<int>(random.below(4));
  for (int i = 0; i < ridges; ++i) {
    const double share = (i + 1.0) / (ridges + 1);
    ridge(canvas, random, camera.horizon + 0.06 * share, random.uniform(0.08, 0.3) * (1.2 - share),
          mixed(air.haze, darker(air.ground, 0.4), share));
  }
  scattered_things(canvas, random, camera, air);
}

void paved_square(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air) {
  const double tile = random.uniform(0.25, 0.7);
  const Colour light = mixed(air.ground, {1, 1, 1}, 0.35);
  const Colour dark = darker(air.ground, 0.5);
  sky_and_ground(canvas, random, camera, air, [&](double lateral, double depth) {
    const auto row = static_cast<std::int64_t>(std::floor(lateral / tile));
    const auto line = static_cast<std::int64_t>(std::floor(depth / tile));
    return (row + line) % 2 == 0 ? light : dark;
  });
  if (random.below(2) == 0) {
    const Colour stone = drawn_colour(random, {0.05, 0.15}, {0.05, 0.3}, {0.6, 0.9});
    const double aisle = random.uniform(0.7, 1.4);
    for (int i = 6; i > 0; --i) {
      const double depth = 1.1 + 0.8 * i;
      for (const double lateral : {-aisle, aisle}) {
        const cv::Point2d foot = camera.see(lateral, 0, depth);
        const double scale = camera.scale(depth);
        column(canvas, foot.x, foot.y, 0.28 * scale, 2.2 * scale, air.seen_from(depth, stone),
               air.light);
      }
    }
    return;
  }
  scattered_things(canvas, random, camera, air);
}

void street(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air) {
  const double half_width = random.uniform(0.5, 1.1);
  const Colour road = darker(drawn_colour(random, {0, 1}, {0, 0.15}, {0.4, 0.7}), 0.2);
  const Colour path = mixed(road, {1, 1, 1}, 0.3);
  sky_and_ground(canvas, random, camera, air, [&](double lateral, double depth) {
    const double aside = std::abs(lateral);
    if (aside > half_width) return aside > 1.25 * half_width ? air.ground : path;
    const bool is_marked = aside < 0.05 * half_width && std::fmod(depth, 0.8) < 0.45;
    return is_marked ? Colour{0.92, 0.92, 0.85} : road;
  });
  const bool has_trees = random.below(3) == 0;
  const double kerb = 1.3 * half_width;
  for (int i = 5; i >= 0; --i) {
    const double front = 1.1 + 1.5 * i;
    for (const double sign : {-1.0, 1.0}) {
      if (has_trees) {
        const cv::Point2d foot = camera.see(sign * kerb, 0, front);
        tree(canvas, random, foot.x, foot.y, random.uniform(1.6, 2.4) * camera.scale(front),
             air.light);
        continue;
      }
      const double height = random.uniform(1.6, 4.5);
      building(canvas, random, camera, air, {sign * kerb, 2.5, height, front, front + 1.35});
    }
  }
  if (random.below(2) == 0) {
    const double lateral = random.uniform(-0.7, 0.7) * half_width;
    thing(canvas, random, camera, air, lateral, random.uniform(1.4, 2.5));
  }
}

Air drawn_air(KeyedRandom& random) {
  Air air;
  const double hue = random.uniform();
  air.day = random.uniform(0.35, 1);
  air.zenith = from_hsv(0.55 + 0.15 * (hue - 0.5), 0.7, air.day);
  air.haze =
      drawn_colour(random, {0.02, 0.18}, {0.1, 0.6}, {0.5 + 0.5 * air.day, 0.5 + 0.5 * air.day});
  air.ground = drawn_colour(random, {0.08, 0.4}, {0.3, 0.6}, {0.6 * air.day, 0.6 * air.day});
  air.light.x = random.uniform(-1, 1);
  air.light.y = random.uniform(-1, -0.3);
  air.clearness = random.uniform(6, 30);
  return air;
}

}  // namespace

cv::Mat draw_scene(KeyedRandom& random, int side) {
  Canvas canvas(side);
  const Air air = drawn_air(random);
  Camera camera{};
  camera.vanishing_x = random.uniform(0.3, 0.7);
  camera.horizon = random.uniform(0.35, 0.65);
  switch (random.below(4)) {
    case 0:
      street(canvas, random, camera, air);
      break;
    case 1:
      paved_square(canvas, random, camera, air);
      break;
    default:
      open_land(canvas, random, camera, air);
  }
  return canvas.pixels();
}

}  // namespace epochal
