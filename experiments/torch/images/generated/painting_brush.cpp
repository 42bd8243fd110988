// Strokes with bristles and relief.

#include "experiments/torch/images/generated/painting_brush.h"

namespace epochal::painting {

Brush::Brush(Canvas& canvas, KeyedRandom& random, int side)
    : canvas_(canvas),
      bristles_(random),
      side_(side),
      height_(static_cast<std::size_t>(side) * static_cast<std::size_t>(side), 0.5F) {}

void Brush::paint(const Stroke& stroke) {
  next_ += 7.31;
  const double reach_x = std::abs(stroke.along_x) * stroke.half_length +
                         (std::abs(stroke.along_y)) * (stroke.half_width + std::abs(stroke.bend));
  const double reach_y = std::abs(stroke.along_y) * stroke.half_length +
                         (std::abs(stroke.along_x)) * (stroke.half_width + std::abs(stroke.bend));
  const double border = 0.5 / side_;
  const double sharpness = stroke.half_width * side_;
  // A stroke thinner than a pixel covers a part of it as large as the stroke is wide.
  const double edge = sharpness + 0.5;
  const double thin = sharpness < 0.5 ? 2 * sharpness / (edge * edge) : 1.0;
  canvas_.wash(
      stroke.x - reach_x - border, stroke.y - reach_y - border, stroke.x + reach_x + border,
      stroke.y + reach_y + border, [&](double x, double y) -> Paint {
        const double dx = x - stroke.x;
        const double dy = y - stroke.y;
        const double a = (dx * stroke.along_x + dy * stroke.along_y) / stroke.half_length;
        if (a < -1 || a > 1) return {{}, 0};
        const double across = dy * stroke.along_x - dx * stroke.along_y;
        const double o = (across - stroke.bend * (a * a - 0.3)) / stroke.half_width;
        const double inside = (1 - 0.6 * a * a * a * a - std::abs(o)) * sharpness + 0.5;
        if (inside <= 0) return {{}, 0};
        const double bristle = bristles_.at(3.2 * o + next_, 0.9 * a + 3 * next_);
        const double ragged =
            (1 - std::abs(a) + 0.25 * bristle - stroke.dryness * 0.3 * (1 + a)) * 5;
        const double cover =
            std::min(1.0, inside) * std::clamp(ragged, 0.0, 1.0) * stroke.opacity * thin;
        if (cover <= 0) return {{}, 0};
        const auto index = static_cast<std::size_t>(y * side_) * static_cast<std::size_t>(side_) +
                           static_cast<std::size_t>(x * side_);
        // Paint is pushed to the borders of the stroke.
        const double thick = 0.55 + 0.3 * bristle + 0.3 * o * o;
        height_[index] += static_cast<float>(cover * (thick - height_[index]));
        return {stroke.colour * (1 + 0.1 * bristle), cover};
      });
}

void Brush::light(double strength) {
  const int step = std::max(1, static_cast<int>(std::lround(side_ / 220.0)));
  const auto at = [&](int x, int y) {
    return static_cast<double>(
        height_[static_cast<std::size_t>(std::max(y, 0)) * static_cast<std::size_t>(side_) +
                static_cast<std::size_t>(std::max(x, 0))]);
  };
  canvas_.wash(0, 0, 1, 1, [&](double x, double y) -> Paint {
    const int column = static_cast<int>(x * side_);
    const int line = static_cast<int>(y * side_);
    const double slope = at(column, line) - at(column - step, line - step);
    const Colour below = canvas_.at(x, y);
    const double shine = strength * slope;
    return {shine > 0 ? mixed(below, {1, 1, 0.97}, std::min(0.4, 0.6 * shine))
                      : below * std::max(0.55, 1 + shine),
            1};
  });
}

}  // namespace epochal::painting
