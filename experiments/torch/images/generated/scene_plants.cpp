// Trees and bushes: clumps of leaves whose border and light noise breaks up.

#include "experiments/torch/images/generated/scene_plants.h"

#include "experiments/torch/images/generated/portable_trigonometry.h"

namespace epochal::scene {
namespace {

/// A ball of leaves at a place of the picture.
struct Clump {
  double x;
  double y;
  double rx;
  double ry;
};

/// As many octaves as reach the size of a leaf, the same at every size of the picture.
int octaves_of(double grain) {
  int octaves = 2;
  for (double size = grain; size > 0.012 && octaves < 5; size /= 2) ++octaves;
  return octaves;
}

void clump(Canvas& canvas, const ValueNoise& noise, const Air& air, double depth, const Clump& at,
           double grain, const Colour& leaf, double light) {
  const double softness = 0.1 + 1.2 * canvas.pixel() / at.ry;
  const int octaves = octaves_of(grain);
  canvas.wash(
      at.x - 1.3 * at.rx, at.y - 1.3 * at.ry, at.x + 1.3 * at.rx, at.y + 1.3 * at.ry,
      [&](double x, double y) -> Paint {
        const double u = (x - at.x) / at.rx;
        const double v = (y - at.y) / at.ry;
        const double square = u * u + v * v;
        if (square > 1.7) return {{}, 0};
        const double rough = noise.fractal(x / grain, y / grain, octaves);
        const double inside = 1 - square + 0.75 * rough;
        const double cover = smooth_step(0, softness, inside - 0.12);
        if (cover <= 0) return {{}, 0};
        const double round = std::sqrt(std::max(0.0, 1 - std::min(square, 1.0)));
        const double facing = u * air.to_sun.x - v * air.to_sun.up - round * air.to_sun.depth;
        const double share = std::clamp(light * (0.38 + 0.62 * facing) + 0.55 * rough, 0.0, 1.15);
        const Colour colour = mixed(leaf * 0.62, mixed(leaf, {1, 0.95, 0.5}, 0.12), share);
        return {air.through(depth, air.lit(colour, share)), cover};
      });
}

void trunk(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
           const Vector& foot, double height, double width) {
  const cv::Point2d base = camera.see(foot);
  const double scale = camera.scale(foot.depth);
  const double lean = random.uniform(-0.06, 0.06) * height * scale;
  const double w = 0.5 * width * scale;
  const double top = base.y - height * scale;
  const ValueNoise bark(random);
  canvas.paint({{base.x - 1.3 * w, base.y},
                {base.x + 1.3 * w, base.y},
                {base.x + lean + 0.6 * w, top},
                {base.x + lean - 0.6 * w, top}},
               [&](double x, double y) {
                 const double turn = std::clamp((x - base.x) / w, -1.0, 1.0);
                 const double rough = bark.fractal(x / (0.35 * w), y / (2.5 * w), 2);
                 const double share =
                     std::clamp(0.4 + 0.6 * turn * air.to_sun.x + 0.4 * rough, 0.0, 1.0);
                 return air.through(foot.depth, air.lit({0.42, 0.32, 0.24}, share));
               });
}

void crown(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
           const Vector& foot, double middle, double reach, double stretch, int clumps,
           const Colour& leaf) {
  const cv::Point2d base = camera.see(foot);
  const double scale = camera.scale(foot.depth);
  const ValueNoise noise(random);
  for (int i = 0; i < clumps; ++i) {
    // The dark ones behind and below first, the lit ones last.
    const double order = clumps > 1 ? static_cast<double>(i) / (clumps - 1) : 1.0;
    const double angle = random.uniform(0, 2 * kPi);
    const double away = (1 - 0.25 * order) * std::sqrt(random.uniform());
    const double dx = reach * (0.75 * away * portable_cos(angle) + 0.22 * order * air.to_sun.x);
    const double dy = reach * stretch * (0.75 * away * portable_sin(angle) - 0.25 * (order - 0.4));
    const double size = reach * random.uniform(0.38, 0.58) * (i == 0 ? 1.5 : 1.0);
    clump(canvas, noise, air, foot.depth,
          {base.x + dx * scale, base.y - middle * scale + dy * scale, size * scale,
           size * scale * (0.8 + 0.2 * stretch)},
          0.22 * reach * scale, leaf, 0.35 + 0.65 * order);
  }
}

/// One outline, whose half width at height t in [0,1] is profile(t), with a ragged border.
template <typename Profile>
void spire(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
           const Vector& foot, double low, double height, double width, const Colour& leaf,
           const Profile& profile) {
  const cv::Point2d base = camera.see(foot);
  const double scale = camera.scale(foot.depth);
  const ValueNoise noise(random);
  const double bottom = base.y - low * scale;
  const double tall = (height - low) * scale;
  const double half = 0.5 * width * scale;
  const double grain = 0.3 * half;
  const int octaves = octaves_of(grain);
  canvas.wash(
      base.x - 1.4 * half, bottom - tall, base.x + 1.4 * half, bottom + 0.03 * tall,
      [&](double x, double y) -> Paint {
        const double t = (bottom - y) / tall;
        const double u = (x - base.x) / half;
        const double rough = noise.fractal(x / grain, y / (1.2 * grain), octaves);
        const double inside = profile(std::clamp(t, 0.0, 1.0), u) - std::abs(u) + 0.28 * rough;
        const double cover = smooth_step(0, 0.05 + canvas.pixel() / half, inside);
        if (cover <= 0) return {{}, 0};
        const double share =
            std::clamp(0.36 + 0.6 * u * air.to_sun.x + 0.65 * rough - 0.2 * (1 - t), 0.0, 1.1);
        return {air.through(foot.depth, air.lit(mixed(leaf * 0.55, leaf, share), share)), cover};
      });
}

}  // namespace

void tree(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air, TreeKind kind,
          const Vector& foot, double height, const Colour& leaf) {
  // Conifers and cypresses stay green in autumn.
  const Colour needles = mixed(leaf, {0.40, 0.56, 0.36}, 0.7) * 0.75;
  switch (kind) {
    case TreeKind::round: {
      const double reach = height * random.uniform(0.28, 0.38);
      ground_shadow(canvas, camera, air, foot, 1.6 * reach, 0.9 * height);
      trunk(canvas, random, camera, air, foot, 0.6 * height, 0.075 * height);
      crown(canvas, random, camera, air, foot, 0.66 * height, reach, random.uniform(0.75, 1.15), 11,
            leaf);
      return;
    }
    case TreeKind::conifer: {
      const double tiers = 5 + static_cast<double>(random.below(4));
      ground_shadow(canvas, camera, air, foot, 0.32 * height, height);
      trunk(canvas, random, camera, air, foot, 0.2 * height, 0.05 * height);
      spire(canvas, random, camera, air, foot, 0.1 * height, height, 0.46 * height, needles,
            [&](double t, double u) {
              // Branches hang, so a tier is lower at its ends.
              const double tier = (t + 0.05 * std::abs(u)) * tiers;
              return (1 - t) * (0.62 + 0.42 * (1 - (tier - std::floor(tier))));
            });
      return;
    }
    case TreeKind::cypress:
      ground_shadow(canvas, camera, air, foot, 0.2 * height, height);
      spire(canvas, random, camera, air, foot, 0, height, 0.26 * height, needles,
            [](double t, double) {
              const double full = 2 * t - 0.55;
              return 0.95 * std::sqrt(std::max(0.0, 1 - (full * full) / 2.15));
            });
  }
}

void bush(Canvas& canvas, KeyedRandom& random, const Camera& camera, const Air& air,
          const Vector& foot, double height, const Colour& leaf) {
  ground_shadow(canvas, camera, air, foot, 1.2 * height, height);
  crown(canvas, random, camera, air, foot, 0.42 * height, 0.75 * height, 0.6, 5, leaf);
}

Colour drawn_leaf(KeyedRandom& random) {
  const bool is_autumn = random.below(5) == 0;
  return is_autumn ? drawn_colour(random, {0.03, 0.13}, {0.65, 0.85}, {0.65, 0.9})
                   : drawn_colour(random, {0.18, 0.33}, {0.4, 0.7}, {0.5, 0.75});
}

}  // namespace epochal::scene
