// Pictures without a data set. Coordinates are in [0,1] of the side, so that a picture looks the
// same at any size; everything random comes from KeyedRandom(kind, index).

#include "experiments/torch/generated_images.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "framework/plugin/keyed_random.h"

namespace epochal {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr int kSubpixelBits = 4;

struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};

cv::Scalar scalar(const Colour& c) {
  return {255 * c.red, 255 * c.green, 255 * c.blue};
}

Colour mixed(const Colour& a, const Colour& b, double share) {
  return {a.red + share * (b.red - a.red), a.green + share * (b.green - a.green),
          a.blue + share * (b.blue - a.blue)};
}

/// Hue in turns, saturation and value in [0,1].
Colour from_hsv(double hue, double saturation, double value) {
  const auto channel = [&](double offset) {
    const double k = std::fmod(offset + 6 * (hue - std::floor(hue)), 6.0);
    return value - value * saturation * std::clamp(std::min(k, 4 - k), 0.0, 1.0);
  };
  return {channel(5), channel(3), channel(1)};
}

struct Range {
  double low;
  double high;
};

/// Draws hue, saturation and value in this order; as arguments of one call their order would be the
/// compiler's choice.
Colour drawn_colour(KeyedRandom& random, Range hue, Range saturation, Range value) {
  const double h = random.uniform(hue.low, hue.high);
  const double s = random.uniform(saturation.low, saturation.high);
  const double v = random.uniform(value.low, value.high);
  return from_hsv(h, s, v);
}

/// Smooth noise in [-1,1] over the unit square: a few random plane waves.
class WaveField {
 public:
  WaveField(KeyedRandom& random, double lowest, double highest) {
    for (Wave& wave : waves_) {
      const double angle = random.uniform(0, 2 * kPi);
      const double frequency = random.uniform(lowest, highest) * 2 * kPi;
      wave = {frequency * std::cos(angle), frequency * std::sin(angle), random.uniform(0, 2 * kPi)};
    }
  }

  double at(double x, double y) const {
    double sum = 0;
    for (const Wave& wave : waves_) sum += std::sin(wave.x * x + wave.y * y + wave.phase);
    return sum / static_cast<double>(waves_.size());
  }

 private:
  struct Wave {
    double x;
    double y;
    double phase;
  };
  std::array<Wave, 5> waves_{};
};

/// A square picture with coordinates in [0,1].
class Canvas {
 public:
  explicit Canvas(int side) : side_(side), pixels_(side, side, CV_8UC3) {}

  template <typename Shade>
  void fill(const Shade& shade) {
    for (int y = 0; y < side_; ++y) {
      auto* row = pixels_.ptr<cv::Vec3b>(y);
      for (int x = 0; x < side_; ++x) {
        const Colour c = shade((x + 0.5) / side_, (y + 0.5) / side_);
        row[x] = {channel(c.red), channel(c.green), channel(c.blue)};
      }
    }
  }

  void polygon(const std::vector<cv::Point2d>& corners, const Colour& colour) {
    std::vector<cv::Point> points;
    for (const cv::Point2d& corner : corners) points.push_back(subpixel(corner.x, corner.y));
    cv::fillPoly(pixels_, std::vector<std::vector<cv::Point>>{points}, scalar(colour), cv::LINE_AA,
                 kSubpixelBits);
  }

  void disc(double x, double y, double radius, const Colour& colour) {
    cv::circle(pixels_, subpixel(x, y), fixed(radius), scalar(colour), cv::FILLED, cv::LINE_AA,
               kSubpixelBits);
  }

  void line(double x0, double y0, double x1, double y1, double width, const Colour& colour) {
    const int pixels = std::max(1, static_cast<int>(std::lround(width * side_)));
    cv::line(pixels_, subpixel(x0, y0), subpixel(x1, y1), scalar(colour), pixels, cv::LINE_AA,
             kSubpixelBits);
  }

  void ellipse(double x, double y, double rx, double ry, double degrees, const Colour& colour) {
    cv::ellipse(pixels_, subpixel(x, y), cv::Size(fixed(rx), fixed(ry)), degrees, 0, 360,
                scalar(colour), cv::FILLED, cv::LINE_AA, kSubpixelBits);
  }

  const cv::Mat& pixels() const { return pixels_; }

 private:
  static unsigned char channel(double value) {
    return static_cast<unsigned char>(std::lround(255 * std::clamp(value, 0.0, 1.0)));
  }
  int fixed(double length) const {
    return static_cast<int>(std::lround(length * side_ * (1 << kSubpixelBits)));
  }
  cv::Point subpixel(double x, double y) const { return {fixed(x), fixed(y)}; }

  int side_;
  cv::Mat pixels_;
};

Colour darker(const Colour& colour, double share) {
  return mixed(colour, {0.04, 0.03, 0.08}, share);
}

// --- scenes -----------------------------------------------------------------------------------

struct Light {
  double x;  ///< from -1 (left) to 1
  double y;  ///< from -1 (above) to 0
};

void shaded_ball(Canvas& canvas, double x, double y, double radius, const Colour& colour,
                 const Light& light) {
  canvas.ellipse(x - 0.5 * light.x * radius, y + radius, radius * 1.1, radius * 0.22, 0,
                 {0.16, 0.16, 0.14});
  constexpr int kRings = 14;
  for (int ring = 0; ring < kRings; ++ring) {
    const double t = static_cast<double>(ring) / (kRings - 1);
    const Colour shade = mixed(darker(colour, 0.75), mixed(colour, {1, 1, 1}, 0.55), t);
    canvas.disc(x + light.x * 0.35 * t * radius, y + light.y * 0.45 * t * radius,
                radius * (1 - 0.86 * t), shade);
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
    const double dx = reach * std::cos(angle);
    const double dy = reach * std::sin(angle);
    const double lit = 0.5 + 0.5 * (dx * light.x + dy * light.y) / (0.27 * height);
    canvas.disc(x + dx, ground - 0.68 * height + dy, 0.1 * height,
                mixed(darker(leaf, 0.6), mixed(leaf, {1, 1, 0.8}, 0.25), lit));
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

cv::Mat scene(KeyedRandom& random, int side) {
  Canvas canvas(side);
  const double horizon = random.uniform(0.35, 0.7);
  const double hue = random.uniform();
  const double day = random.uniform(0.35, 1);
  const Colour zenith = from_hsv(0.55 + 0.15 * (hue - 0.5), 0.7, day);
  const Colour haze =
      drawn_colour(random, {0.02, 0.18}, {0.1, 0.6}, {0.5 + 0.5 * day, 0.5 + 0.5 * day});
  const Colour near = drawn_colour(random, {0.08, 0.4}, {0.3, 0.6}, {0.6 * day, 0.6 * day});
  const Light light{random.uniform(-1, 1), random.uniform(-1, -0.3)};
  const WaveField clouds(random, 1, 5);
  const WaveField soil(random, 3, 14);
  canvas.fill([&](double x, double y) {
    if (y < horizon) {
      const double cloud = std::clamp(1.6 * clouds.at(x, 2.5 * y) - 0.25, 0.0, 0.8);
      return mixed(mixed(zenith, haze, y / horizon), {1, 1, 1}, cloud);
    }
    const double depth = (y - horizon) / (1 - horizon);
    const double grain = soil.at(x / (0.2 + depth), 1 / (0.15 + depth));
    return mixed(mixed(haze, near, std::sqrt(depth)), {0, 0, 0}, 0.2 + 0.18 * grain);
  });
  if (random.below(3) != 0) {
    canvas.disc(0.5 + 0.45 * light.x, horizon * (1 + 0.8 * light.y), random.uniform(0.03, 0.07),
                mixed(haze, {1, 1, 0.85}, 0.8));
  }
  const int ridges = static_cast<int>(random.below(4));
  for (int i = 0; i < ridges; ++i) {
    const double share = (i + 1.0) / (ridges + 1);
    ridge(canvas, random, horizon + 0.06 * share, random.uniform(0.08, 0.3) * (1.2 - share),
          mixed(haze, darker(near, 0.4), share));
  }
  // The far ones first: what stands lower in the picture is nearer and larger.
  const int objects = 3 + static_cast<int>(random.below(6));
  for (int i = 0; i < objects; ++i) {
    const double depth = (i + random.uniform()) / objects;
    const double ground = horizon + 0.03 + (0.93 - horizon) * depth * depth;
    const double size = 0.07 + 0.26 * depth;
    const double x = random.uniform(0.02, 0.95);
    const Colour colour =
        drawn_colour(random, {0, 1}, {0.25, 0.85}, {0.4 + 0.6 * day, 0.4 + 0.6 * day});
    switch (random.below(3)) {
      case 0:
        shaded_ball(canvas, x, ground - 0.4 * size, 0.4 * size, colour, light);
        break;
      case 1:
        house(canvas, random, x, ground, 0.7 * size, colour, light);
        break;
      default:
        tree(canvas, random, x, ground, 1.5 * size, light);
    }
  }
  return canvas.pixels();
}

// --- paintings --------------------------------------------------------------------------------

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
      const double next_x = x + length / 5 * std::cos(angle);
      const double next_y = y + length / 5 * std::sin(angle);
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
      canvas.line(x, y, x + length * std::cos(angle), y + length * std::sin(angle), 0.005, ink);
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
      const double distance = std::hypot(x - shard.x, y - shard.y);
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

cv::Mat painting(KeyedRandom& random, int side, std::optional<Technique> wanted) {
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
  }
  return canvas.pixels();
}

}  // namespace

std::optional<GeneratorKind> generator_kind(std::string_view name) {
  if (name == "scenes") return GeneratorKind::scenes;
  if (name == "paintings") return GeneratorKind::paintings;
  return std::nullopt;
}

cv::Mat generate_image(GeneratorKind kind, std::uint64_t index, int side) {
  KeyedRandom random({static_cast<std::uint64_t>(kind), index});
  if (kind == GeneratorKind::scenes) return scene(random, side);
  return painting(random, side, std::nullopt);
}

cv::Mat generate_painting(Technique technique, std::uint64_t index, int side) {
  KeyedRandom random({static_cast<std::uint64_t>(GeneratorKind::paintings), index});
  return painting(random, side, technique);
}

}  // namespace epochal
