// Works on paper: prints, pen and ink, watercolour.

#include "experiments/torch/images/generated/painting_brush.h"
#include "experiments/torch/images/generated/painting_techniques.h"
#include "experiments/torch/images/generated/portable_trigonometry.h"
#include "experiments/torch/images/generated/value_noise.h"

namespace epochal::painting {
namespace {

Colour drawn_paper(KeyedRandom& random) {
  return drawn_colour(random, {0.08, 0.14}, {0.03, 0.2}, {0.88, 0.98});
}

/// How strongly brightness changes, for outlines, in brightness a side.
double slope_at(const Subject& subject, double x, double y) {
  constexpr double kStep = 0.006;
  const double gx = luminance(subject.at(x + kStep, y)) - luminance(subject.at(x - kStep, y));
  const double gy = luminance(subject.at(x, y + kStep)) - luminance(subject.at(x, y - kStep));
  return std::sqrt(gx * gx + gy * gy) / (2 * kStep);
}

enum class Printing { lines_alone, over_colours };

/// Lines cut into a block: they swell where it is dark and bend over what is seen. With colours, a
/// few flat ones are printed below the lines.
void woodcut(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette,
             Printing printing) {
  const bool has_colours = printing == Printing::over_colours;
  const ValueNoise hand(random);
  const Colour paper = drawn_paper(random);
  const Colour ink = mixed(palette[0], {0.06, 0.05, 0.06}, 0.6);
  const double frequency = random.uniform(38, 75);
  const double angle = random.uniform(-0.8, 0.8);
  const double c = portable_cos(angle);
  const double s = portable_sin(angle);
  const double bend = random.uniform(0.02, 0.07);
  const double dark = random.uniform(0.7, 1.0);
  const double soft = 1.2 * canvas.pixel() * frequency;
  canvas.fill([&](double x, double y) {
    const double shake = hand.fractal(5 * x, 5 * y, 3);
    const Colour seen = subject.at(x, y);
    const double light = luminance(seen);
    const double place = (c * y + s * x + 0.02 * shake + bend * light) * frequency;
    const double line = 2 * std::abs(place - std::floor(place) - 0.5);  // 0 in the middle of a line
    const double grain = hand.fractal(120 * x, 40 * y, 2);
    double width = has_colours ? 1.0 - 2.1 * light : dark * 1.25 - 1.45 * light;
    width += 0.12 * grain;
    double cover = width > 0.92 ? 1.0 : smooth_step(width + soft, width - soft, line);
    if (width < 0.06) cover = 0;
    cover = std::max(cover, smooth_step(3.2, 4.6, slope_at(subject, x, y) + 0.6 * shake));
    Colour ground = paper;
    if (has_colours) {
      const double level = std::floor(light * 5 + 0.5 + 0.3 * shake) / 5;
      ground = mixed(from_palette(palette, level), seen, 0.55) * (1 + 0.1 * grain);
      ground = mixed(ground, paper, 0.12);
    }
    return mixed(ground * (1 + 0.04 * grain), ink, cover * (0.95 - 0.12 * std::max(grain, 0.0)));
  });
}

/// Short pen strokes along and across what is seen, the more the darker it is.
void pen(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette) {
  const ValueNoise grain(random);
  const Colour paper = drawn_paper(random);
  const double tint = random.below(2) == 0 ? 0 : random.uniform(0.25, 0.6);
  canvas.fill([&](double x, double y) {
    const double rough = grain.fractal(70 * x, 70 * y, 3);
    const double light = luminance(subject.at(x, y));
    return mixed(paper, mixed(subject.at(x, y), paper, light), tint) * (1 + 0.05 * rough);
  });
  Brush brush(canvas, random, static_cast<int>(std::lround(1 / canvas.pixel())));
  const Colour ink = mixed(palette[0], {0.10, 0.07, 0.06}, 0.5);
  for (int layer = 0; layer < 3; ++layer) {
    for (int i = 0; i < 3600; ++i) {
      const double x = random.uniform(-0.02, 1.02);
      const double y = random.uniform(-0.02, 1.02);
      const double size = random.uniform(0.7, 1.3);
      const double bend = random.uniform(-1, 1);
      const double light = luminance(subject.at(x, y));
      if (light > 0.78 - 0.24 * layer + 0.1 * bend) continue;
      const cv::Point2d way = subject.way(x, y);
      // The second layer crosses the first at 60 degrees.
      const double c = layer == 1 ? 0.5 : 1;
      const double s = layer == 1 ? 0.866 : 0;
      brush.paint({x, y, way.x * c - way.y * s, way.x * s + way.y * c, 0.019 * size, 0.0016,
                   0.003 * bend, ink, 0.85, 0.3});
    }
  }
  canvas.wash(0, 0, 1, 1, [&](double x, double y) -> Paint {
    const double shake = grain.at(30 * x, 30 * y);
    return {ink, 0.85 * smooth_step(3.2, 5, slope_at(subject, x, y) + shake)};
  });
}

}  // namespace

void hatching(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette) {
  switch (random.below(3)) {
    case 0:
      return woodcut(canvas, random, subject, palette, Printing::lines_alone);
    case 1:
      return woodcut(canvas, random, subject, palette, Printing::over_colours);
    default:
      return pen(canvas, random, subject, palette);
  }
}

void wash(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette) {
  const ValueNoise water(random);
  const ValueNoise tooth(random);
  const Colour paper = drawn_paper(random);
  const double spread = random.uniform(0.02, 0.05);
  const double levels = random.uniform(4, 7);
  const double thin = random.uniform(0.1, 0.35);
  const bool has_lines = random.below(2) == 0;
  const double margin = random.uniform(0, 0.06);
  const Colour ink = mixed(palette[0], {0.12, 0.1, 0.1}, 0.5);
  canvas.fill([&](double x, double y) {
    const double warp_x = water.fractal(6 * x, 6 * y, 4);
    const double warp_y = water.fractal(6 * x + 40, 6 * y, 4);
    const double u = x + spread * warp_x;
    const double v = y + spread * warp_y;
    const Colour seen = subject.at(u, v);
    const double light = luminance(seen);
    const double grain = tooth.fractal(110 * x, 110 * y, 3);
    // Each wash dries with a dark border.
    const double place = light * levels + 0.35 * warp_x;
    const double level = std::floor(place);
    const double within = place - level;
    const double border = smooth_step(0.16, 0.02, within);
    const double flat = std::clamp((level + 0.5) / levels, 0.05, 1.0);
    Colour pigment = mixed(seen, from_palette(palette, flat), 0.3);
    const double grey = luminance(pigment);
    pigment = mixed(Colour{grey, grey, grey}, pigment, 1.35);
    pigment = pigment * (flat / std::max(luminance(pigment), 0.08) * 0.4 + 0.6);
    const double bloom = water.fractal(3 * x + 9, 3 * y, 3);
    double strength = 1 - thin - 0.28 * bloom + 0.3 * border - 0.13 * std::max(grain, 0.0);
    const double to_border = std::min(std::min(x, 1 - x), std::min(y, 1 - y)) + 0.03 * warp_y;
    if (margin > 0.015) strength *= smooth_step(margin - 0.012, margin, to_border);
    strength = std::clamp(strength, 0.0, 1.15);
    // Pigment takes light from that of the paper.
    const Colour white{1, 1, 1};
    Colour colour = paper * mixed(white, pigment, strength) * (1 + 0.07 * grain);
    if (has_lines) {
      const double line =
          smooth_step(3.4, 5, slope_at(subject, x + 0.3 * spread * warp_y, y) + 1.5 * warp_x);
      colour = mixed(colour, ink, 0.75 * line);
    }
    return colour;
  });
}

}  // namespace epochal::painting
