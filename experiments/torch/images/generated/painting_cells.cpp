// Paintings of cells: facets of Cubists, panes of coloured glass, stones of a mosaic.

#include <numbers>

#include "experiments/torch/images/generated/painting_techniques.h"
#include "experiments/torch/images/generated/portable_trigonometry.h"
#include "experiments/torch/images/generated/value_noise.h"

namespace epochal::painting {
namespace {

/// The two nearest of points that are scattered one to a square cell.
struct Nearest {
  double x;
  double y;
  double first;   ///< distance to it
  double border;  ///< distance to the line halfway to the next one
  double fate;    ///< a number of the point's own, -1 to 1
};

Nearest nearest_point(const ValueNoise& noise, double x, double y, double size, double jitter) {
  const double column = std::floor(x / size);
  const double line = std::floor(y / size);
  Nearest best{0, 0, 1e9, 0, 0};
  double second = 1e9;
  double second_x = 0;
  double second_y = 0;
  for (int i = -1; i <= 1; ++i) {
    for (int k = -1; k <= 1; ++k) {
      // At whole numbers the noise is one hashed value, not a mean of four.
      const double px = (column + i + 0.5 + 0.5 * jitter * noise.at(column + i, line + k)) * size;
      const double py =
          (line + k + 0.5 + 0.5 * jitter * noise.at(column + i + 5000, line + k)) * size;
      const double square = (px - x) * (px - x) + (py - y) * (py - y);
      if (square < best.first) {
        second = best.first;
        second_x = best.x;
        second_y = best.y;
        best = {px, py, square, 0, noise.at(column + i, line + k + 5000)};
      } else if (square < second) {
        second = square;
        second_x = px;
        second_y = py;
      }
    }
  }
  const double dx = second_x - best.x;
  const double dy = second_y - best.y;
  best.border = 0.5 * (second - best.first) / std::sqrt(dx * dx + dy * dy + 1e-12);
  best.first = std::sqrt(best.first);
  return best;
}

}  // namespace

void planes(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette) {
  struct Cut {
    double x, y, offset;      // the line x·u + y·v = offset
    double shift_x, shift_y;  // of what is seen beyond it
    double tone;
  };
  std::vector<Cut> cuts;
  const auto count = 7 + random.below(7);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    const double x = portable_cos(angle);
    const double y = portable_sin(angle);
    const double through_x = random.uniform(0.1, 0.9);
    const double through_y = random.uniform(0.1, 0.9);
    const double shift_x = random.uniform(-0.05, 0.05);
    const double shift_y = random.uniform(-0.05, 0.05);
    cuts.push_back({x, y, x * through_x + y * through_y, shift_x, shift_y, random.uniform(-1, 1)});
  }
  const ValueNoise paint(random);
  const double contrast = random.uniform(0.25, 0.5);
  const double wander = random.uniform(0.4, 1.3);
  const Colour ink = palette[0];
  canvas.fill([&](double x, double y) {
    double u = x;
    double v = y;
    double tone = 0;
    double edge = 1;
    double ramp = 0;
    for (const Cut& cut : cuts) {
      const double beyond = x * cut.x + y * cut.y - cut.offset;
      const double side = beyond > 0 ? 1 : -1;
      u += side * wander * cut.shift_x;
      v += side * wander * cut.shift_y;
      tone += side * cut.tone;
      const double away = std::abs(beyond);
      if (away < edge) {
        edge = away;
        ramp = side * cut.tone;
      }
    }
    const double grain = paint.fractal(60 * x + 20 * y, 14 * y - 8 * x, 3);
    const double folded = tone * 0.37 - std::floor(tone * 0.37);
    // Along its border every facet runs from light to dark, as if it lay before the next one.
    const double passage = ramp * smooth_step(0.13, 0, edge);
    // A ragged border, as of a brush, hides how coarse the subject is.
    const Colour seen = subject.at(u + 0.006 * grain, v - 0.006 * grain);
    const Colour flat = from_palette(palette, luminance(seen) + 0.5 * (folded - 0.5));
    Colour colour = mixed(seen, flat, 0.45);
    colour = colour * (1 + contrast * (folded - 0.5) + 0.55 * contrast * passage + 0.22 * grain);
    const double line = smooth_step(0.0045, 0.002, edge + 0.0015 * grain);
    return mixed(colour, ink, 0.7 * line);
  });
}

void glass(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette) {
  const ValueNoise points(random);
  const ValueNoise streaks(random);
  const double size = random.uniform(0.05, 0.11);
  const double lead = random.uniform(0.0035, 0.0065);
  const double levels = random.uniform(2, 3.5);
  canvas.fill([&](double x, double y) {
    const Nearest cell = nearest_point(points, x, y, size, 0.85);
    // Lead also follows what is painted, where its brightness passes from one level to the next.
    constexpr double kStep = 0.004;
    const double light = luminance(subject.at(x, y)) * levels;
    const double gx = luminance(subject.at(x + kStep, y)) * levels - light;
    const double gy = luminance(subject.at(x, y + kStep)) * levels - light;
    const double slope = std::sqrt(gx * gx + gy * gy) / kStep;
    const double level = std::floor(light + 0.5);
    const double to_edge = (0.5 - std::abs(light - level)) / std::max(slope, 1.0);
    const bool is_edge = slope > 16;
    const double border = is_edge ? std::min(cell.border, to_edge) : cell.border;
    const Colour middle = subject.at(cell.x, cell.y);
    const double tone = 0.5 * luminance(middle) + 0.5 * level / levels + 0.1 * cell.fate;
    Colour colour = mixed(mixed(middle, subject.at(x, y), 0.5), from_palette(palette, tone), 0.5);
    const double grey = luminance(colour);
    colour = mixed(Colour{grey, grey, grey}, colour, 1.6);
    const double flow = streaks.fractal(24 * x + 8 * cell.fate, 7 * y + 20 * cell.fate, 3);
    colour = colour * (1.02 + 0.22 * flow + 1.6 * std::min(border, 0.1) + 0.12 * cell.fate);
    const double round = smooth_step(1.5 * lead, 0.7 * lead, border);
    const Colour metal = Colour{0.07, 0.07, 0.08} * (1 + 3 * smooth_step(lead, 0, border));
    return mixed(colour, metal, round);
  });
}

void mosaic(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette) {
  const ValueNoise points(random);
  const ValueNoise stone(random);
  const double size = random.uniform(0.018, 0.03);
  const double jitter = random.uniform(0.25, 0.7);
  const double variety = random.uniform(0.12, 0.28);
  const Colour grout = random.below(3) != 0 ? Colour{0.20, 0.18, 0.17}
                                            : mixed(palette.back(), {0.6, 0.57, 0.52}, 0.7);
  const double bend = random.uniform(0, 0.05);
  canvas.fill([&](double x, double y) {
    // Rows wind a little, as those of a hand do.
    const double wind_x = x + bend * stone.at(3 * x, 3 * y);
    const double wind_y = y + bend * stone.at(3 * x + 50, 3 * y);
    const Nearest cell = nearest_point(points, wind_x, wind_y, size, jitter);
    const Colour seen = subject.at(cell.x - (wind_x - x), cell.y - (wind_y - y));
    Colour colour = seen * (1 + variety * cell.fate);
    if (std::abs(cell.fate) > 0.85)
      colour = mixed(colour, from_palette(palette, luminance(seen) + 0.2 * cell.fate), 0.8);
    const double grain = stone.fractal(90 * x, 90 * y, 2);
    const double lit = ((cell.x - wind_x) + (cell.y - wind_y)) / size;
    colour = colour * (1 + 0.10 * grain + 0.2 * lit);
    const double joint = smooth_step(0.1 * size, 0.03 * size, cell.border);
    return mixed(colour, grout * (1 + 0.2 * grain), joint);
  });
}

}  // namespace epochal::painting
