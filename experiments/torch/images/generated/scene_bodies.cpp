// People and animals of limbs that flow together (a smooth union of tapered capsules).

#include "experiments/torch/images/generated/scene_bodies.h"

namespace epochal::scene {
namespace {

struct Nearest {
  double distance;  ///< to the limb's surface, negative within
  double x;         ///< the normal's, as if the limb were round
  double y;
};

Nearest to_limb(const Limb& limb, double x, double y) {
  const double dx = limb.x1 - limb.x0;
  const double dy = limb.y1 - limb.y0;
  const double square = dx * dx + dy * dy;
  const double t =
      square > 0 ? std::clamp(((x - limb.x0) * dx + (y - limb.y0) * dy) / square, 0.0, 1.0) : 0;
  const double away_x = x - limb.x0 - t * dx;
  const double away_y = y - limb.y0 - t * dy;
  const double radius = limb.r0 + t * (limb.r1 - limb.r0);
  const double away = std::sqrt(away_x * away_x + away_y * away_y);
  return {away - radius, away_x / radius, away_y / radius};
}

Colour coat(KeyedRandom& random) {
  constexpr std::array<Colour, 6> kCoats{{{.42, .24, .13},
                                          {.20, .14, .11},
                                          {.62, .44, .27},
                                          {.82, .78, .70},
                                          {.55, .30, .15},
                                          {.36, .34, .34}}};
  const Colour& known = kCoats.at(random.below(kCoats.size()));
  return known * random.uniform(0.85, 1.15);
}

/// What tells one animal from another, in heights of its shoulders.
struct Build {
  double length;  ///< from shoulder to hip
  double depth;   ///< of the chest
  double leg;     ///< thickness
  double neck;    ///< length
  double rise;    ///< of the head above the shoulders
  double head;    ///< length
};

/// In the order of Animal.
constexpr std::array<Build, kAnimals> kBuilds{{{0.85, 0.20, 0.055, 0.42, 0.38, 0.34},
                                               {1.02, 0.25, 0.06, 0.30, 0.02, 0.34},
                                               {0.72, 0.165, 0.036, 0.36, 0.42, 0.24},
                                               {0.82, 0.165, 0.06, 0.24, 0.24, 0.30},
                                               {0.72, 0.30, 0.05, 0.20, 0.10, 0.26}}};

void antlers(std::vector<Limb>& limbs, double x, double y, double side, const Colour& horn) {
  for (const double turn : {-0.10, 0.10}) {
    limbs.push_back({x, y, x + turn - side * 0.08, y + 0.2, 0.018, 0.013, horn});
    limbs.push_back(
        {x + turn - side * 0.08, y + 0.2, x + 1.5 * turn, y + 0.42, 0.013, 0.008, horn});
    limbs.push_back(
        {x + turn - side * 0.08, y + 0.2, x + turn + side * 0.1, y + 0.3, 0.012, 0.007, horn});
  }
}

}  // namespace

void paint_body(Canvas& canvas, const Air& air, const ValueNoise& grain, const cv::Point2d& foot,
                double size, double depth, std::span<const Limb> limbs, double join) {
  double left = 9;
  double right = -9;
  double top = 0;
  double low = 0;
  for (const Limb& limb : limbs) {
    const double radius = std::max(limb.r0, limb.r1) + join;
    left = std::min({left, limb.x0 - radius, limb.x1 - radius});
    right = std::max({right, limb.x0 + radius, limb.x1 + radius});
    top = std::max({top, limb.y0 + radius, limb.y1 + radius});
    low = std::min({low, limb.y0 - radius, limb.y1 - radius});
  }
  const double edge = 0.8 * canvas.pixel() / size;
  canvas.wash(foot.x + left * size, foot.y - top * size, foot.x + right * size, foot.y - low * size,
              [&](double px, double py) -> Paint {
                const double x = (px - foot.x) / size;
                const double y = (foot.y - py) / size;
                double smooth = 9;
                double nearest = 9;
                for (const Limb& limb : limbs) {
                  const double d = to_limb(limb, x, y).distance;
                  const double h = std::max(join - std::abs(smooth - d), 0.0) / join;
                  smooth = std::min(smooth, d) - 0.25 * h * h * join;
                  nearest = std::min(nearest, d);
                }
                if (smooth > edge) return {{}, 0};
                double weight = 0;
                double nx = 0;
                double ny = 0;
                Colour colour;
                for (const Limb& limb : limbs) {
                  const Nearest near = to_limb(limb, x, y);
                  const double w = std::max(0.0, join + 1e-4 - (near.distance - nearest));
                  weight += w * w;
                  nx += w * w * near.x;
                  ny += w * w * near.y;
                  colour = colour + limb.colour * (w * w);
                }
                nx /= weight;
                ny /= weight;
                const double nz = std::sqrt(std::max(0.05, 1 - nx * nx - ny * ny));
                const double rough = grain.fractal(14 * x, 14 * y, 2);
                const double facing =
                    nx * air.to_sun.x + ny * air.to_sun.up - nz * air.to_sun.depth;
                const double share = std::clamp(0.12 + 0.85 * facing + 0.15 * rough, 0.0, 1.1);
                const Colour lit = air.lit(colour * ((0.86 + 0.14 * ny) / weight), share);
                return {air.through(depth, lit), smooth_step(edge, -edge, smooth)};
              });
}

void person(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
            const Vector& foot, double height) {
  const Colour coat_colour = drawn_colour(random, {0, 1}, {0.25, 0.75}, {0.3, 0.85});
  const Colour trousers = drawn_colour(random, {0.55, 0.7}, {0.1, 0.5}, {0.15, 0.4});
  const Colour skin = drawn_colour(random, {0.05, 0.08}, {0.3, 0.55}, {0.5, 0.95});
  const Colour hair = drawn_colour(random, {0.05, 0.1}, {0.3, 0.6}, {0.12, 0.5});
  const double stride = random.uniform(0.02, 0.12);
  const double swing = random.uniform(-0.08, 0.08);
  const bool has_skirt = random.below(3) == 0;
  std::vector<Limb> limbs{{-0.03, 0.48, -stride, 0.03, 0.06, 0.035, trousers},
                          {0.03, 0.48, stride, 0.03, 0.06, 0.035, trousers},
                          {0.09, 0.76, 0.12 + swing, 0.5, 0.038, 0.028, coat_colour * 0.85},
                          {-0.09, 0.76, -0.12 + swing, 0.5, 0.038, 0.028, coat_colour * 0.85},
                          {0, 0.74, 0, 0.5, 0.085, 0.085, coat_colour},
                          {0, 0.8, 0, 0.86, 0.03, 0.03, skin},
                          {0, 0.91, 0, 0.93, 0.058, 0.055, skin},
                          {-0.005, 0.945, 0.005, 0.955, 0.056, 0.055, hair}};
  if (has_skirt) limbs.push_back({0, 0.52, 0, 0.26, 0.09, 0.15, coat_colour});
  if (random.below(4) == 0) limbs.push_back({-0.09, 0.975, 0.09, 0.975, 0.014, 0.014, hair});
  ground_shadow(canvas, camera, air, foot, 0.25 * height, height);
  const ValueNoise grain(random);
  paint_body(canvas, air, grain, camera.see(foot), height * camera.scale(foot.depth), foot.depth,
             limbs, 0.03);
}

void animal(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
            const Vector& foot, double height, Animal kind) {
  const Build& build = kBuilds.at(static_cast<std::size_t>(kind));
  const double side = random.below(2) == 0 ? -1 : 1;  // where it looks
  const bool is_grazing = kind != Animal::dog && random.below(3) == 0;
  const Colour hide = kind == Animal::sheep ? Colour{0.88, 0.85, 0.77} : coat(random);
  const Colour dark = kind == Animal::sheep ? Colour{0.2, 0.17, 0.15} : hide * 0.55;
  const double shoulder = side * 0.5 * build.length;
  const double hip = -shoulder;
  const double back = 1 - build.depth;
  const double step = random.uniform(0.03, 0.13);
  std::vector<Limb> limbs;
  const auto leg = [&](double x, double swing, const Colour& colour) {
    const double knee = 0.42 * back;
    limbs.push_back({x, back - 0.1, x + 0.4 * swing, knee, 2 * build.leg, build.leg, colour});
    limbs.push_back({x + 0.4 * swing, knee, x + swing, 0.03, build.leg, 0.75 * build.leg, colour});
    limbs.push_back({x + swing, 0.03, x + swing + side * 0.04, 0.025, 0.8 * build.leg,
                     0.7 * build.leg, dark * 0.6});
  };
  leg(hip + side * 0.1, step, hide * 0.7);  // the far ones in the shade
  leg(shoulder - side * 0.08, -step, hide * 0.7);
  leg(hip, -step, hide);
  leg(shoulder, step, hide);
  limbs.push_back({hip, back + 0.02, shoulder, back, 0.95 * build.depth, build.depth, hide});
  limbs.push_back({hip, back - 0.04, hip, back, build.depth * 0.9, build.depth * 0.9, hide});

  const double rise = is_grazing ? -0.35 : build.rise;
  const double nape_x = shoulder + side * (0.08 + 0.7 * build.neck);
  const double nape_y = back + 0.08 + (is_grazing ? -0.3 : build.rise);
  limbs.push_back(
      {shoulder, back + 0.06, nape_x, nape_y, 0.75 * build.depth, 0.45 * build.depth, hide});
  const double drop = rise > 0 ? 0.55 : 0.75;
  const double nose_x = nape_x + side * build.head * (is_grazing ? 0.45 : 0.85);
  const double nose_y = nape_y - build.head * drop * (is_grazing ? 1.1 : 0.7);
  limbs.push_back({nape_x, nape_y, nose_x, nose_y, 0.42 * build.depth, 0.25 * build.depth,
                   kind == Animal::sheep ? dark : hide});
  limbs.push_back({nape_x - side * 0.02, nape_y + 0.05, nape_x - side * 0.06, nape_y + 0.15, 0.03,
                   0.012, dark});
  const double tail_end = kind == Animal::dog ? back + 0.28 : 0.45;
  const double tail_start = back + 0.5 * build.depth;
  limbs.push_back({hip - side * 0.85 * build.depth, tail_start, hip - side * (build.depth + 0.12),
                   kind == Animal::deer || kind == Animal::sheep ? tail_start - 0.12 : tail_end,
                   0.035, kind == Animal::horse ? 0.06 : 0.022, dark});
  if (kind == Animal::horse) {
    limbs.push_back({nape_x - side * 0.05, nape_y + 0.05, shoulder - side * 0.02, back + 0.24, 0.05,
                     0.06, dark});
  }
  if (kind == Animal::deer)
    antlers(limbs, nape_x - side * 0.03, nape_y + 0.08, side, {0.5, 0.42, 0.32});
  if (kind == Animal::cow) {
    limbs.push_back({nape_x,
                     nape_y + 0.06,
                     nape_x + side * 0.08,
                     nape_y + 0.17,
                     0.022,
                     0.01,
                     {0.85, 0.8, 0.7}});
    limbs.push_back({hip + side * 0.14,
                     back - build.depth,
                     hip + side * 0.2,
                     back - build.depth - 0.02,
                     0.08,
                     0.06,
                     {0.85, 0.65, 0.58}});
  }
  ground_shadow(canvas, camera, air, foot, 1.3 * height, 0.8 * height);
  const ValueNoise grain(random);
  paint_body(canvas, air, grain, camera.see(foot), height * camera.scale(foot.depth), foot.depth,
             limbs, 0.07);
}

}  // namespace epochal::scene
