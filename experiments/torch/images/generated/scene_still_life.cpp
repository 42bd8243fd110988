// Fruit, vessels and flowers on a table by a window. Lengths are in decimetres.

#include <algorithm>

#include "experiments/torch/images/generated/generated_scenes.h"
#include "experiments/torch/images/generated/portable_trigonometry.h"

namespace epochal::scene {
namespace {

constexpr double kWall = 9;  ///< depth of the wall behind the table

Air room_air(KeyedRandom& random) {
  Air air;
  const double warm = random.uniform(-0.08, 0.08);
  const double ambient = random.uniform(0.22, 0.5);
  air.sun = {0.9 + warm, 0.86, 0.8 - warm};
  air.ambient = {ambient - 0.5 * warm, ambient, ambient + 0.5 * warm};
  const double side = random.below(2) == 0 ? -1 : 1;
  const double across = random.uniform(0.45, 0.8);
  const double height = random.uniform(0.4, 0.65);
  air.to_sun = {side * across, height,
                -std::sqrt(std::max(0.05, 1 - across * across - height * height))};
  air.clearness = 1e6;
  return air;
}

/// A soft shadow on the table around and beside what stands there.
void table_shadow(Canvas& canvas, const Camera& camera, const Air& air, const Vector& foot,
                  double radius, double height) {
  ground_shadow(canvas, camera, air, foot, 1.9 * radius, height);
  const cv::Point2d at = camera.see(foot);
  const double size = camera.scale(foot.depth);
  const double rx = 1.35 * radius * size;
  const double ry = 0.55 * radius * size;
  canvas.wash(at.x - rx, at.y - ry, at.x + rx, at.y + ry, [&](double x, double y) -> Paint {
    const double u = (x - at.x) / rx;
    const double v = (y - at.y) / ry;
    return {{0.05, 0.03, 0.03}, 0.75 * smooth_step(1, 0.35, u * u + v * v)};
  });
}

/// Diffuse light, a highlight and the table's light from below, for a surface with this normal.
Colour glazed(const Air& air, const Colour& colour, const Vector& normal, double gloss) {
  const double share = std::max(0.0, dot(normal, air.to_sun) * 1.05 + 0.05);
  const Vector half = unit(air.to_sun + Vector{0, 0, -1});
  double shine = std::max(0.0, dot(normal, half));
  shine *= shine;
  shine *= shine;
  shine *= shine;
  shine *= shine * shine;
  const double bounced = 0.16 * std::max(0.0, -normal.up);
  return air.lit(colour, share + bounced) + air.sun * (gloss * shine);
}

void fruit(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
           const Vector& foot) {
  struct Sort {
    Colour ripe;
    Colour unripe;
    double radius;
    double gloss;
    double pores;
    double stretch;
  };
  constexpr std::array<Sort, 6> kSorts{{{{.78, .13, .10}, {.85, .66, .22}, .42, .5, .05, 1},
                                        {{.55, .66, .20}, {.78, .72, .25}, .42, .5, .05, 1},
                                        {{.95, .55, .10}, {.96, .62, .16}, .42, .25, .30, 1},
                                        {{.95, .84, .25}, {.85, .80, .30}, .36, .25, .25, 0.85},
                                        {{.36, .12, .28}, {.30, .16, .36}, .28, .3, .03, 1.05},
                                        {{.93, .52, .35}, {.95, .76, .45}, .38, .08, .08, 1}}};
  const Sort& sort = kSorts.at(random.below(kSorts.size()));
  const double radius = sort.radius * random.uniform(0.9, 1.2);
  const ValueNoise skin(random);
  table_shadow(canvas, camera, air, foot, radius, 1.7 * radius);
  const cv::Point2d middle = camera.see(foot + Vector{0, radius * sort.stretch, 0});
  const double size = radius * camera.scale(foot.depth);
  const double edge = canvas.pixel() / size;
  const double blush = random.uniform(-1, 1);
  canvas.wash(middle.x - 1.1 * size, middle.y - 1.1 * size, middle.x + 1.1 * size,
              middle.y + 1.1 * size, [&](double x, double y) -> Paint {
                const double u = (x - middle.x) / size;
                const double v = (y - middle.y) / (size * sort.stretch);
                const double square = u * u + v * v;
                const double cover = smooth_step(1 + edge, 1 - edge, std::sqrt(square));
                if (cover <= 0) return {{}, 0};
                const double depth = std::sqrt(std::max(0.0, 1 - square));
                const double bump = sort.pores * skin.at(22 * u, 22 * v);
                const Vector normal = unit({u + 0.35 * bump, -v + 0.35 * bump, -depth});
                const double streak = skin.fractal(5 * u, 1.6 * v, 3);
                const double ripe = smooth_step(-0.5, 0.5, streak + blush * u - 0.3 * v);
                const double dent = smooth_step(0.06, 0, u * u + (v + 0.72) * (v + 0.72) * 4);
                const Colour colour = mixed(sort.unripe, sort.ripe, ripe) * (1 - 0.6 * dent);
                return {glazed(air, colour, normal, sort.gloss), cover};
              });
  if (sort.pores < 0.06) {
    canvas.line(middle.x, middle.y - 0.68 * size * sort.stretch, middle.x + 0.12 * size * blush,
                middle.y - 1.1 * size * sort.stretch, 0.07 * size, {0.24, 0.15, 0.08});
  }
}

/// Half the width of a turned vessel at heights 0, 1/6 … 1.
using Profile = std::array<double, 7>;

double radius_at(const Profile& profile, double t) {
  const double place = std::clamp(t, 0.0, 0.9999) * 6;
  const auto i = static_cast<std::size_t>(place);
  const double f = place - static_cast<double>(i);
  // Catmull-Rom between the given heights.
  const double a = profile.at(i == 0 ? 0 : i - 1);
  const double b = profile.at(i);
  const double c = profile.at(i + 1);
  const double d = profile.at(i + 2 > 6 ? 6 : i + 2);
  return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)));
}

struct Vessel {
  Profile profile;
  double height;
  Colour glaze;
  Colour band;
  double gloss;
  bool is_glass;
};

Vessel drawn_vessel(KeyedRandom& random) {
  constexpr std::array<Profile, 5> kProfiles{{{.30, .50, .62, .60, .42, .26, .34},
                                              {.34, .36, .36, .35, .16, .12, .14},
                                              {.22, .45, .66, .72, .68, .55, .50},
                                              {.36, .44, .40, .30, .26, .34, .46},
                                              {.40, .56, .58, .50, .34, .30, .38}}};
  Vessel vessel;
  const auto form = random.below(kProfiles.size());
  vessel.profile = kProfiles.at(form);
  vessel.is_glass = form == 1;
  vessel.height = form == 1 ? random.uniform(2.2, 2.9) : random.uniform(1.5, 2.4);
  vessel.glaze = vessel.is_glass ? drawn_colour(random, {0.2, 0.45}, {0.4, 0.7}, {0.2, 0.4})
                                 : drawn_colour(random, {0, 1}, {0.1, 0.7}, {0.45, 0.92});
  vessel.band = drawn_colour(random, {0.5, 0.72}, {0.4, 0.8}, {0.25, 0.7});
  vessel.gloss = random.uniform(0.25, 0.9);
  return vessel;
}

void paint_vessel(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
                  const Vector& foot, const Vessel& vessel) {
  const ValueNoise clay(random);
  const bool has_band = !vessel.is_glass && random.below(2) == 0;
  table_shadow(canvas, camera, air, foot, 0.5, vessel.height);
  const cv::Point2d base = camera.see(foot);
  const double size = camera.scale(foot.depth);
  const double tall = vessel.height * size;
  const double lip = radius_at(vessel.profile, 1) * size;
  canvas.wash(
      base.x - 0.8 * size, base.y - tall - 0.2 * lip, base.x + 0.8 * size, base.y + 0.2 * size,
      [&](double x, double y) -> Paint {
        // The foot and the lip are seen as flat ellipses.
        const double across = (x - base.x) / size;
        const double foot_width = vessel.profile[0];
        const double inside = 1 - (across / foot_width) * (across / foot_width);
        const double sag = 0.22 * foot_width * size * std::sqrt(std::max(0.0, inside));
        const double t = (base.y + sag - y) / tall;
        if (t < 0 || t > 1) return {{}, 0};
        const double radius = radius_at(vessel.profile, t);
        const double turn = across / radius;
        const double cover =
            smooth_step(1 + 1.5 * canvas.pixel() / (radius * size), 1, std::abs(turn));
        if (cover <= 0) return {{}, 0};
        const double steep =
            (radius_at(vessel.profile, t + 0.02) - radius_at(vessel.profile, t - 0.02)) /
            (0.04 * vessel.height);
        const double side = std::clamp(turn, -1.0, 1.0);
        const Vector normal = unit({side, -steep, -std::sqrt(std::max(0.0, 1 - side * side))});
        const double worn = clay.fractal(2.5 * side, 5 * t, 3);
        Colour colour = vessel.glaze * (1 + 0.16 * worn);
        if (has_band && std::abs(t - 0.5) < 0.14 + 0.03 * portable_sin(14 * side))
          colour = vessel.band;
        if (vessel.is_glass) colour = mixed(colour, colour * 2.2, side * side * 0.5);
        return {glazed(air, colour, normal, vessel.gloss), cover};
      });
  const double top = base.y - tall + 0.02 * tall;
  canvas.ellipse(base.x, top, lip, 0.2 * lip, air.lit(vessel.glaze, 0.9));
  canvas.ellipse(base.x, top + 0.02 * lip, 0.84 * lip, 0.15 * lip,
                 air.lit(vessel.glaze * 0.3, 0.2));
}

void leaf_shape(Canvas& canvas, const Air& air, double x, double y, double angle, double length,
                const Colour& colour) {
  const double c = portable_cos(angle);
  const double s = portable_sin(angle);
  Outline outline;
  for (int i = 0; i <= 16; ++i) {
    const double t = i <= 8 ? i / 8.0 : (16 - i) / 8.0;
    const double w = (i <= 8 ? 1 : -1) * 0.9 * t * (1 - t);
    outline.emplace_back(x + length * (t * c - w * s), y + length * (t * s + w * c));
  }
  canvas.paint(outline, [&](double px, double py) {
    const double aside = (-(px - x) * s + (py - y) * c) / length;
    const double vein = std::abs(aside) < 0.02 ? 0.15 : 0.0;
    return air.lit(
        colour,
        std::clamp(0.5 + vein + 2.2 * aside * (air.to_sun.x * -s - air.to_sun.up * c), 0.1, 1.0));
  });
}

void blossom(Canvas& canvas, KeyedRandom& random, const Air& air, double x, double y, double radius,
             const Colour& colour) {
  const ValueNoise noise(random);
  const auto petals = static_cast<double>(5 + random.below(9));
  const double phase = random.uniform(0, 2 * kPi);
  const double core = random.uniform(0.16, 0.42);
  const double flat = random.uniform(0.7, 1);
  const Colour heart = drawn_colour(random, {0.05, 0.14}, {0.6, 0.9}, {0.3, 0.85});
  for (int ring = 0; ring < 2; ++ring) {
    const double reach = radius * (ring == 0 ? 1 : 0.66);
    const auto count = static_cast<int>(petals);
    for (int i = 0; i < count; ++i) {
      const double angle = phase + 0.4 * ring + 2 * kPi * i / petals;
      const double shade = 0.75 + 0.25 * ring + 0.16 * noise.at(i * 3.3, ring * 5.1);
      const Colour petal = mixed(colour, {1, 0.95, 0.85}, 0.12 * ring) * shade;
      leaf_shape(canvas, air, x, y, angle, reach, petal);
    }
  }
  canvas.wash(x - radius, y - radius, x + radius, y + radius, [&](double px, double py) -> Paint {
    const double u = (px - x) / (core * radius);
    const double v = (py - y) / (core * radius * flat);
    const double square = u * u + v * v;
    const double grain = noise.at(4 * u, 4 * v);
    return {
        air.lit(heart * (1 + 0.35 * grain), 0.55 + 0.4 * (u * air.to_sun.x - v * air.to_sun.up)),
        smooth_step(1.15, 0.85, square)};
  });
}

void bunch(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
           const Vector& foot, double height) {
  const cv::Point2d mouth = camera.see(foot + Vector{0, height, 0});
  const double size = camera.scale(foot.depth);
  const Colour green = drawn_colour(random, {0.22, 0.36}, {0.4, 0.65}, {0.3, 0.55});
  const double hue = random.uniform();
  const auto flowers = 6 + random.below(10);
  for (int i = 0; i < 16; ++i) {
    const double angle = random.uniform(-kPi, 0);

    const double x = mouth.x + random.uniform(-0.2, 0.2) * size;
    const double y = mouth.y - random.uniform(0, 0.7) * size;
    const double length = random.uniform(0.5, 0.95) * size;
    leaf_shape(canvas, air, x, y, angle, length, green * random.uniform(0.7, 1.15));
  }
  std::vector<cv::Point2d> places;
  for (std::uint64_t i = 0; i < flowers; ++i) {
    const double angle = random.uniform(-1.15 * kPi, 0.15 * kPi);
    const double reach = 1.15 * size * std::sqrt(random.uniform());
    places.emplace_back(mouth.x + reach * portable_cos(angle),
                        mouth.y + (0.85 * reach * portable_sin(angle) - 0.62 * size));
    canvas.line(mouth.x, mouth.y, places.back().x, places.back().y, 0.03 * size, green * 0.55);
  }
  for (const cv::Point2d& place : places) {
    double own = hue + random.uniform(-0.08, 0.08);
    if (random.below(4) == 0) own += 0.4;
    const double saturation = random.uniform(0.15, 0.8);
    const double radius = size * random.uniform(0.26, 0.5);
    const Colour colour = from_hsv(own, saturation, random.uniform(0.75, 1));
    blossom(canvas, random, air, place.x, place.y, radius, colour);
  }
}

void paint_room(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air) {
  const ValueNoise plaster(random);
  const ValueNoise wood(random);
  const bool is_dark = random.below(2) == 0;
  const Colour wall = is_dark ? drawn_colour(random, {0, 1}, {0.15, 0.5}, {0.16, 0.36})
                              : drawn_colour(random, {0, 1}, {0.1, 0.45}, {0.55, 0.9});
  const bool has_cloth = random.below(2) == 0;
  const bool is_checked = random.below(2) == 0;
  const Colour cloth = drawn_colour(random, {0, 1}, {0.03, 0.6}, {0.7, 0.95});
  const Colour stripe = drawn_colour(random, {0, 1}, {0.3, 0.8}, {0.35, 0.8});
  const Colour plank = drawn_colour(random, {0.05, 0.1}, {0.4, 0.65}, {0.38, 0.7});
  const double fold = random.uniform(0.06, 0.2);
  const double hem = random.uniform(6.4, 7.6);
  const bool has_curtain = random.below(3) == 0;
  const double edge = camera.horizon + camera.focal * camera.eye / kWall;
  const double beam = 0.5 + 0.35 * air.to_sun.x;
  canvas.fill([&](double x, double y) {
    if (y < edge) {
      const double stain = plaster.fractal(3 * x, 3 * y, 5);
      const double light =
          std::clamp(0.75 - 1.1 * (x - beam) * (x - beam) * 2 - 0.35 * y, 0.0, 1.0);
      double pleat = 0;
      if (has_curtain) {
        const double run =
            34 * (x + 0.05 * plaster.at(2 * x, 3 * y) + 0.08 * (y - 0.5) * air.to_sun.x);
        pleat = 0.35 * portable_sin(run) * smooth_step(0.45, 0.6, std::abs(x - beam));
      }
      return air.lit(wall * (1 + 0.22 * stain + pleat), light);
    }
    const double depth = camera.ground_depth(y);
    const double across = camera.lateral(x, depth);
    const double wrinkle = plaster.fractal(0.8 * across + 4, 0.9 * depth, 4);
    if (has_cloth && depth < hem + 0.4 * wrinkle + 0.12 * across) {
      const double u = across * 1.6 + fold * wrinkle;
      const double v = depth * 1.6 + fold * wrinkle;
      const bool a = u - std::floor(u) < 0.5;
      const bool b = v - std::floor(v) < 0.5;
      const double share = is_checked ? 0.5 * (a ? 1 : 0) + 0.5 * (b ? 1 : 0) : 0.0;
      const double crease =
          plaster.fractal(0.8 * across + 4.12, 0.9 * depth + 0.1 * air.to_sun.x, 4) - wrinkle;
      return air.lit(mixed(cloth, stripe, 0.85 * share),
                     std::clamp(0.75 + 7 * fold * crease, 0.1, 1.1));
    }
    const double rings = wood.fractal(0.35 * across, 2.2 * depth, 4);
    const double fibre = wood.at(1.2 * across, 22 * depth);
    const double board = depth / 0.9 - std::floor(depth / 0.9) < 0.025 ? 0.55 : 1.0;
    return air.lit(plank * (board * (1 + 0.35 * rings + 0.1 * fibre)), 0.68);
  });
}

}  // namespace

void still_life(Canvas& canvas, KeyedRandom& random) {
  const Air air = room_air(random);
  Camera camera;
  camera.vanishing_x = 0.5;
  camera.horizon = random.uniform(0.1, 0.2);
  camera.focal = random.uniform(1.5, 1.75);
  camera.eye = random.uniform(2.7, 3.4);
  paint_room(canvas, random, camera, air);

  const double half = 0.36 * 7.6 / camera.focal;
  const auto vessels = 1 + random.below(3);
  const bool has_flowers = random.below(2) == 0;
  for (std::uint64_t i = 0; i < vessels; ++i) {
    const double place =
        (static_cast<double>(i) + random.uniform(0.2, 0.8)) / static_cast<double>(vessels);
    const Vector foot{half * (2 * place - 1), 0, 7.9 - 0.25 * static_cast<double>(i)};
    Vessel vessel = drawn_vessel(random);
    const bool is_filled = has_flowers && i == 0;
    if (is_filled) vessel.height = std::min(vessel.height, 1.5);
    paint_vessel(canvas, random, camera, air, foot, vessel);
    if (is_filled) bunch(canvas, random, camera, air, foot, vessel.height);
  }
  std::vector<Vector> places;
  const auto fruits = 3 + random.below(7);
  const double centre = random.uniform(-0.5, 0.5);
  for (std::uint64_t i = 0; i < fruits; ++i) {
    places.push_back(
        {std::clamp(centre + half * random.uniform(-0.9, 0.9), -1.15 * half, 1.15 * half), 0,
         random.uniform(6.1, 7.4)});
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Vector& a, const Vector& b) { return a.depth > b.depth; });
  for (const Vector& place : places) fruit(canvas, random, camera, air, place);
}

}  // namespace epochal::scene
