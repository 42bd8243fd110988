// Paintings of strokes and of dots: large ones first, then smaller ones where there is more to see
// (Hertzmann, "Painterly rendering with curved brush strokes of multiple sizes", 1998).

#include "experiments/torch/images/generated/painting_brush.h"
#include "experiments/torch/images/generated/painting_techniques.h"

namespace epochal::painting {
namespace {

/// A brighter, darker or differently tinted colour near this one.
Colour broken(KeyedRandom& random, const Colour& colour, double by, const Palette& palette) {
  const double light = random.uniform(-by, by);
  const double warm = random.uniform(-by, by);
  const Colour near = colour * (1 + light) + Colour{0.4 * warm, 0, -0.5 * warm};
  const Colour& other = palette[random.below(palette.size())];
  return random.below(9) == 0 ? mixed(near, other, 1.1 * by) : near;
}

struct Manner {
  Range width;   ///< half of the largest strokes'
  double finer;  ///< each layer's width in that of the one before
  int layers;
  Range length;   ///< in widths
  Range freedom;  ///< of the colours
  Range relief;
  double dryness;
  double opacity;
};

constexpr std::array<Manner, 4> kManners{{
    {{0.014, 0.02}, 0.58, 3, {4.5, 7}, {0.14, 0.24}, {1, 1.7}, 0.15, 0.95},    // long, thick dashes
    {{0.018, 0.026}, 0.58, 3, {1.6, 2.6}, {0.1, 0.2}, {0.6, 1.2}, 0.25, 0.9},  // short dabs
    {{0.03, 0.042}, 0.62, 3, {1.3, 2}, {0.08, 0.16}, {1, 1.6}, 0.05, 1},       // a palette knife
    {{0.02, 0.03}, 0.5, 4, {2.5, 4.5}, {0.05, 0.12}, {0.3, 0.7}, 0.3, 0.85},   // a soft brush
}};

/// Where strokes of a layer go: one in each cell of a grid, in an order that hides the grid.
template <typename Draw>
void scatter(KeyedRandom& random, double spacing, const Draw& draw) {
  const auto cells = static_cast<std::uint64_t>(1.12 / spacing) + 1;
  const std::uint64_t count = cells * cells;
  // A step that shares no factor with the count visits every cell once.
  std::uint64_t step = static_cast<std::uint64_t>(0.618 * static_cast<double>(count)) | 1U;
  const auto divides = [](std::uint64_t a, std::uint64_t b) {
    while (b != 0) {
      const std::uint64_t rest = a % b;
      a = b;
      b = rest;
    }
    return a > 1;
  };
  while (divides(count, step)) step += 2;
  std::uint64_t cell = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    cell = (cell + step) % count;
    const double x = (static_cast<double>(cell % cells) + random.uniform()) * spacing - 0.06;
    const std::uint64_t row = cell / cells;
    const double y = (static_cast<double>(row) + random.uniform()) * spacing - 0.06;
    draw(x, y);
  }
}

}  // namespace

void strokes(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette) {
  const Manner& manner = kManners.at(random.below(kManners.size()));
  const auto drawn = [&](Range range) { return random.uniform(range.low, range.high); };
  double width = drawn(manner.width);
  const double length = drawn(manner.length);
  const double freedom = drawn(manner.freedom);
  const double relief = drawn(manner.relief);
  const Colour ground = palette[1 + random.below(3)];
  canvas.fill([&](double, double) { return ground; });
  Brush brush(canvas, random, static_cast<int>(std::lround(1 / canvas.pixel())));
  for (int layer = 0; layer < manner.layers; ++layer) {
    const double spacing = width * std::sqrt(length) * (layer == 0 ? 1.0 : 1.15);
    scatter(random, spacing, [&](double x, double y) {
      const double fate = random.uniform();
      const cv::Point2d way = subject.way(x, y);
      const double bend = random.uniform(-0.25, 0.25);
      const double size = random.uniform(0.75, 1.25);
      const Colour colour = broken(random, subject.at(x, y), freedom, palette);
      // Small strokes only where the large ones lost something.
      if (layer > 0 && fate > 0.25 + 1.2 * subject.detail(x, y)) return;
      const double half_length = 0.8 * width * length * size;
      brush.paint({x, y, way.x, way.y, half_length, width * size, bend * width, colour,
                   manner.opacity, manner.dryness});
    });
    width *= manner.finer;
  }
  brush.light(relief);
}

void dots(Canvas& canvas, KeyedRandom& random, const Subject& subject, const Palette& palette) {
  const double radius = random.uniform(0.0055, 0.010);
  const double freedom = random.uniform(0.18, 0.34);
  const Colour ground = mixed(palette.back(), palette[2], 0.3);
  canvas.fill([&](double x, double y) { return mixed(ground, subject.at(x, y), 0.6); });
  Brush brush(canvas, random, static_cast<int>(std::lround(1 / canvas.pixel())));
  for (int layer = 0; layer < 2; ++layer) {
    const double size = layer == 0 ? 1.5 * radius : radius;
    scatter(random, 1.55 * size, [&](double x, double y) {
      const cv::Point2d way = subject.way(x, y);
      Colour colour = broken(random, subject.at(x, y), freedom, palette);
      const double light = luminance(colour);
      // Dots are of purer colours than what they mix to in the eye.
      colour = mixed(Colour{light, light, light}, colour, 1.45);
      const double own = size * random.uniform(0.75, 1.2);
      brush.paint({x, y, way.x, way.y, 1.25 * own, own, 0, colour, 0.95, 0});
    });
  }
  brush.light(random.uniform(0.3, 0.9));
}

}  // namespace epochal::painting
