// Paintings: a palette, a ground, and one of seven techniques over it.

#include "experiments/torch/generated_paintings.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "experiments/torch/canvas.h"
#include "experiments/torch/portable_trigonometry.h"

namespace epochal {
namespace {

constexpr double kPi = std::numbers::pi;

/// Few colours that go together: neighbours on the wheel, one opposite, one light and one dark.
std::vector<Colour> palette(KeyedRandom& random) {
  const double hue = random.uniform();
  const double spread = random.uniform(0.02, 0.16);
  const double saturation = random.uniform(0.35, 0.95);
  std::vector<Colour> colours;
  for (int i = -1; i <= 1; ++i) {
    colours.push_back(from_hsv(hue + i * spread, saturation, random.uniform(0.45, 0.95)));
  }
  colours.push_back(from_hsv(hue + 0.5, saturation, random.uniform(0.5, 0.95)));
  colours.push_back(from_hsv(hue + spread, 0.15, 0.95));
  colours.push_back(from_hsv(hue - spread, 0.7, 0.18));
  return colours;
}

/// A colour of the palette for a value of a field in [-1,1], with some chance.
const Colour& pick(const std::vector<Colour>& colours, double field, KeyedRandom& random) {
  const double position = 0.5 + 0.7 * field + random.uniform(-0.15, 0.15);
  const auto index = static_cast<std::size_t>(std::clamp(position, 0.0, 0.999) *
                                              static_cast<double>(colours.size()));
  return colours[index];
}

void strokes(Canvas& canvas, KeyedRandom& random, const std::vector<Colour>& colours) {
  const WaveField tone(random, 0.4, 1.8);
  const WaveField flow(random, 0.3, 1.6);
  const double length = random.uniform(0.06, 0.2);
  const double width = random.uniform(0.012, 0.045);
  const auto count = static_cast<int>(3.5 / (length * width));
  for (int i = 0; i < count; ++i) {
    double x = random.uniform();
    double y = random.uniform();
    const Colour base = pick(colours, tone.at(x, y), random);
    const Colour colour = mixed(base, {1, 1, 1}, random.uniform(-0.12, 0.12));
    for (int step = 0; step < 5; ++step) {
      const double angle = 2.5 * kPi * flow.at(x, y);
      const double next_x = x + length / 5 * portable_cos(angle);
      const double next_y = y + length / 5 * portable_sin(angle);
      canvas.line(x, y, next_x, next_y, width, colour);
      x = next_x;
      y = next_y;
    }
  }
}

void dots(Canvas& canvas, KeyedRandom& random, const std::vector<Colour>& colours) {
  const WaveField tone(random, 0.4, 2.2);
  const double radius = random.uniform(0.009, 0.022);
  const auto count = static_cast<int>(1.6 / (radius * radius) / kPi);
  for (int i = 0; i < count; ++i) {
    const double x = random.uniform();
    const double y = random.uniform();
    const double scale = random.uniform(0.6, 1.2);
    canvas.disc(x, y, radius * scale, pick(colours, tone.at(x, y), random));
  }
}

/// Splits a rectangle again and again, as Mondrian's followers did.
void blocks(Canvas& canvas, KeyedRandom& random, const std::vector<Colour>& colours,
            cv::Rect2d area, int depth) {
  const bool is_wide = area.width > area.height;
  const double longer = std::max(area.width, area.height);
  if (depth == 0 || longer < 0.12) {
    const double left = area.x;
    const double top = area.y;
    const double right = area.x + area.width;
    const double bottom = area.y + area.height;
    const Colour& colour = colours[random.below(colours.size())];
    canvas.polygon({{left, top}, {right, top}, {right, bottom}, {left, bottom}}, colour);
    const Colour ink{0.06, 0.05, 0.05};
    canvas.line(left, top, right, top, 0.018, ink);
    canvas.line(left, top, left, bottom, 0.018, ink);
    return;
  }
  const double cut = random.uniform(0.25, 0.75);
  cv::Rect2d first = area;
  cv::Rect2d second = area;
  if (is_wide) {
    first.width *= cut;
    second.x += first.width;
    second.width -= first.width;
  } else {
    first.height *= cut;
    second.y += first.height;
    second.height -= first.height;
  }
  blocks(canvas, random, colours, first, depth - 1);
  blocks(canvas, random, colours, second, depth - 1);
}

void hatching(Canvas& canvas, KeyedRandom& random, const std::vector<Colour>& colours) {
  const WaveField tone(random, 0.5, 2.2);
  const double base_angle = random.uniform(0, kPi);
  const double length = random.uniform(0.03, 0.08);
  const Colour ink = darker(colours[random.below(colours.size())], 0.5);
  for (int layer = 0; layer < 3; ++layer) {
    const double angle = base_angle + layer * kPi / 3;
    for (int i = 0; i < 1400; ++i) {
      const double x = random.uniform();
      const double y = random.uniform();
      if (tone.at(x, y) < -0.25 + 0.3 * layer) continue;
      canvas.line(x, y, x + length * portable_cos(angle), y + length * portable_sin(angle), 0.005,
                  ink);
    }
  }
}

void glass(Canvas& canvas, KeyedRandom& random, const std::vector<Colour>& colours) {
  struct Shard {
    double x;
    double y;
    Colour colour;
  };
  std::vector<Shard> shards;
  const auto count = 14 + random.below(30);
  for (std::uint64_t i = 0; i < count; ++i) {
    shards.push_back({random.uniform(), random.uniform(), colours[random.below(colours.size())]});
  }
  canvas.fill([&](double x, double y) {
    double nearest = 9;
    double second = 9;
    const Shard* owner = nullptr;
    for (const Shard& shard : shards) {
      const double distance =
          std::sqrt((x - shard.x) * (x - shard.x) + (y - shard.y) * (y - shard.y));
      if (distance < nearest) {
        second = nearest;
        nearest = distance;
        owner = &shard;
      } else {
        second = std::min(second, distance);
      }
    }
    const Colour lead{0.05, 0.05, 0.06};
    return second - nearest < 0.016 ? lead : mixed(owner->colour, {1, 1, 1}, 0.25 - nearest);
  });
}

/// Ink dropped on water and drawn through with a comb (Lu, Jaffer et al., "Mathematical Marbling",
/// 2012). Each pixel goes back through the steps to the place where its ink lay at first.
void marbling(Canvas& canvas, KeyedRandom& random, const std::vector<Colour>& colours) {
  struct Drop {
    double x;
    double y;
    double square_radius;
    Colour colour;
  };
  std::vector<Drop> drops;
  const auto count = 25 + random.below(35);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double x = random.uniform(-0.1, 1.1);
    const double y = random.uniform(-0.1, 1.1);
    const double radius = random.uniform(0.04, 0.16);
    drops.push_back({x, y, radius * radius, colours[random.below(colours.size())]});
  }
  const WaveField swirl(random, 0.4, 1.2);
  const double pull = random.uniform(0.04, 0.2);
  const double spacing = random.uniform(0.1, 0.3);
  const bool is_vertical = random.below(2) == 0;
  const Colour water = colours[random.below(colours.size())];
  canvas.fill([&](double x, double y) {
    double along = is_vertical ? y : x;
    const double across = is_vertical ? x : y;
    const double tooth = (across / spacing - std::floor(across / spacing + 0.5)) * 4;
    along -= pull / (1 + tooth * tooth);
    double at_x = (is_vertical ? across : along) + 0.06 * swirl.at(x, y);
    double at_y = (is_vertical ? along : across) + 0.06 * swirl.at(y, x);
    // The last drop pushed all earlier ones outwards: undone from the last to the first.
    for (auto drop = drops.rbegin(); drop != drops.rend(); ++drop) {
      const double dx = at_x - drop->x;
      const double dy = at_y - drop->y;
      const double square = dx * dx + dy * dy;
      if (square < drop->square_radius) return drop->colour;
      const double shrink = std::sqrt(1 - drop->square_radius / square);
      at_x = drop->x + dx * shrink;
      at_y = drop->y + dy * shrink;
    }
    return water;
  });
}

/// Painted paper, cut into leaves, stars and pebbles and pasted on coloured sheets, as Matisse did.
void cutouts(Canvas& canvas, KeyedRandom& random, const std::vector<Colour>& colours) {
  blocks(canvas, random, colours, {0, 0, 1, 1}, 2);
  const auto count = 8 + random.below(12);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double x = random.uniform();
    const double y = random.uniform();
    const double size = random.uniform(0.06, 0.2);
    const double turn = random.uniform(0, 2 * kPi);
    const auto lobes = static_cast<double>(2 + random.below(6));
    const double depth = random.uniform(0, 0.6);
    const double stretch = random.uniform(0.4, 1);
    const Colour& colour = colours[random.below(colours.size())];
    std::vector<cv::Point2d> outline;
    constexpr int kCorners = 72;
    for (int corner = 0; corner < kCorners; ++corner) {
      const double angle = 2 * kPi * corner / kCorners;
      const double reach = size * (1 - depth * (0.5 + 0.5 * portable_cos(lobes * angle)));
      const double u = reach * portable_cos(angle);
      const double v = stretch * reach * portable_sin(angle);
      outline.emplace_back(x + u * portable_cos(turn) - v * portable_sin(turn),
                           y + u * portable_sin(turn) + v * portable_cos(turn));
    }
    std::vector<cv::Point2d> shadow = outline;
    for (cv::Point2d& corner : shadow) corner += cv::Point2d(0.006, 0.008);
    canvas.polygon(shadow, darker(colour, 0.8));
    canvas.polygon(outline, colour);
  }
}

}  // namespace

cv::Mat draw_painting(KeyedRandom& random, int side, std::optional<Technique> wanted) {
  Canvas canvas(side);
  const std::vector<Colour> colours = palette(random);
  const WaveField ground(random, 0.4, 1.5);
  canvas.fill([&](double x, double y) {
    return mixed(colours[4], colours[1], 0.3 + 0.3 * ground.at(x, y));
  });
  const auto drawn = static_cast<Technique>(random.below(kTechniques));
  switch (wanted.value_or(drawn)) {
    case Technique::strokes:
      strokes(canvas, random, colours);
      break;
    case Technique::dots:
      dots(canvas, random, colours);
      break;
    case Technique::blocks:
      blocks(canvas, random, colours, {0, 0, 1, 1}, 3 + static_cast<int>(random.below(3)));
      break;
    case Technique::hatching:
      hatching(canvas, random, colours);
      break;
    case Technique::glass:
      glass(canvas, random, colours);
      break;
    case Technique::marbling:
      marbling(canvas, random, colours);
      break;
    case Technique::cutouts:
      cutouts(canvas, random, colours);
  }
  return canvas.pixels();
}

}  // namespace epochal
