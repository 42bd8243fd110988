// What is painted, in whose colours, and how it runs.

#include "experiments/torch/images/generated/painting_subject.h"

#include <numbers>

#include "experiments/torch/images/generated/generated_scenes.h"
#include "experiments/torch/images/generated/portable_trigonometry.h"
#include "experiments/torch/images/generated/value_noise.h"

namespace epochal::painting {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::size_t kColours = 6;

/// Red, green and blue.
struct Percents {
  int red, green, blue;
};

// From dark to light, in the manner of a night by the Rhone, of corn under crows, of the Fauves, of
// the Seine at dawn, of Japanese prints, of a scream, of early Cubism, of gold grounds, of
// Provence, of northern interiors, of the south sea and of plum blossoms.
constexpr std::array<std::array<Percents, kColours>, 12> kPalettes{{
    {{{4, 8, 22}, {10, 22, 50}, {20, 42, 72}, {36, 58, 62}, {90, 74, 25}, {97, 93, 70}}},
    {{{10, 14, 32}, {20, 36, 24}, {30, 48, 74}, {80, 52, 12}, {95, 74, 16}, {98, 91, 58}}},
    {{{22, 6, 24}, {78, 10, 16}, {10, 50, 48}, {95, 40, 12}, {96, 58, 62}, {99, 88, 48}}},
    {{{22, 26, 42}, {38, 46, 62}, {54, 58, 74}, {90, 56, 38}, {80, 76, 82}, {97, 90, 82}}},
    {{{7, 13, 27}, {16, 32, 50}, {72, 26, 18}, {48, 58, 52}, {84, 74, 54}, {96, 92, 80}}},
    {{{8, 9, 19}, {18, 26, 44}, {58, 16, 10}, {90, 38, 12}, {84, 62, 30}, {96, 80, 48}}},
    {{{14, 12, 10}, {32, 25, 18}, {46, 43, 38}, {62, 50, 32}, {76, 66, 48}, {90, 84, 70}}},
    {{{8, 7, 7}, {10, 32, 26}, {55, 20, 18}, {74, 54, 14}, {92, 76, 28}, {98, 92, 68}}},
    {{{16, 22, 30}, {22, 42, 30}, {38, 56, 70}, {78, 48, 26}, {70, 76, 50}, {96, 90, 74}}},
    {{{6, 5, 5}, {26, 13, 8}, {48, 24, 10}, {66, 44, 20}, {84, 66, 36}, {98, 90, 68}}},
    {{{12, 10, 26}, {10, 40, 52}, {76, 20, 36}, {16, 64, 50}, {96, 62, 22}, {98, 86, 66}}},
    {{{18, 14, 22}, {36, 44, 40}, {62, 36, 46}, {66, 72, 66}, {94, 72, 74}, {97, 94, 90}}},
}};

/// In shares of the canvas.
struct Circle {
  double x;
  double y;
  double radius;
};

/// Fewer than `most`.
std::vector<Circle> drawn_circles(KeyedRandom& random, std::uint64_t most, double lowest,
                                  Range radius) {
  std::vector<Circle> circles;
  const auto count = random.below(most);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double x = random.uniform();
    const double y = random.uniform(0, lowest);
    circles.push_back({x, y, random.uniform(radius.low, radius.high)});
  }
  return circles;
}

/// Warped bands and rings, for paintings that show nothing.
Colour composition(const ValueNoise& noise, const std::vector<Circle>& rings,
                   const Palette& palette, double x, double y) {
  for (auto ring = rings.rbegin(); ring != rings.rend(); ++ring) {
    const double dx = x - ring->x;
    const double dy = y - ring->y;
    const double away = std::sqrt(dx * dx + dy * dy) / ring->radius;
    if (away > 1) continue;
    const double wavy = away + 0.12 * noise.fractal(3 * x, 3 * y, 3);
    const double band = std::floor(4 * wavy) * 0.37 + ring->x * 3;
    return from_palette(palette, band - std::floor(band));
  }
  const double u = x + 0.35 * noise.fractal(1.7 * x, 1.7 * y, 3);
  const double v = y + 0.35 * noise.fractal(1.7 * x + 31, 1.7 * y, 3);
  return from_palette(palette, 0.5 + 0.8 * noise.fractal(2.1 * u, 2.1 * v, 3));
}

/// The mean over (2 reach + 1)² neighbours.
void blur(std::vector<Colour>& values, int side, int reach) {
  std::vector<Colour> copy;
  for (const std::ptrdiff_t step : {1, side}) {
    copy = values;
    const std::ptrdiff_t line = step == 1 ? side : 1;
    for (int l = 0; l < side; ++l) {
      const auto at = [&](int i) -> const Colour& {
        return copy[static_cast<std::size_t>(l * line + std::clamp(i, 0, side - 1) * step)];
      };
      for (int i = 0; i < side; ++i) {
        Colour sum;
        for (int k = -reach; k <= reach; ++k) sum = sum + at(i + k);
        values[static_cast<std::size_t>(l * line + i * step)] = sum * (1.0 / (2 * reach + 1));
      }
    }
  }
}

}  // namespace

Palette drawn_palette(KeyedRandom& random) {
  Palette palette;
  if (random.below(4) != 0) {
    const auto& known = kPalettes.at(random.below(kPalettes.size()));
    for (const Percents& colour : known) {
      const double red = random.uniform(0.88, 1.12);
      const double green = random.uniform(0.88, 1.12);
      const double blue = random.uniform(0.88, 1.12);
      palette.push_back(
          {colour.red / 100.0 * red, colour.green / 100.0 * green, colour.blue / 100.0 * blue});
    }
    return palette;
  }
  // Neighbours on the wheel and one opposite them.
  const double hue = random.uniform();
  const double spread = random.uniform(0.03, 0.15);
  const double saturation = random.uniform(0.35, 0.75);
  palette.push_back(from_hsv(hue - spread, 0.8, 0.16));
  palette.push_back(from_hsv(hue, saturation, 0.42));
  palette.push_back(from_hsv(hue + spread, saturation, 0.66));
  palette.push_back(from_hsv(hue + 0.5, saturation, 0.82));
  palette.push_back(from_hsv(hue - spread, 0.6 * saturation, 0.88));
  palette.push_back(from_hsv(hue + 0.5 + spread, 0.16, 0.97));
  return palette;
}

Colour from_palette(const Palette& palette, double brightness) {
  const double place =
      std::clamp(brightness, 0.0, 0.9999) * static_cast<double>(palette.size() - 1);
  const auto i = static_cast<std::size_t>(place);
  return mixed(palette[i], palette[i + 1], place - static_cast<double>(i));
}

Subject::Subject(KeyedRandom& random, const Palette& palette) {
  if (random.below(8) != 0) {
    const cv::Mat scene = draw_scene(random, kSide);
    for (int y = 0; y < kSide; ++y) {
      const auto* row = scene.ptr<cv::Vec3b>(y);
      for (int x = 0; x < kSide; ++x) {
        colours_.push_back({row[x][0] / 255.0, row[x][1] / 255.0, row[x][2] / 255.0});
      }
    }
    recolour(random, palette);
  } else {
    const ValueNoise noise(random);
    const std::vector<Circle> rings = drawn_circles(random, 7, 1, {0.08, 0.3});
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        colours_.push_back(
            composition(noise, rings, palette, (x + 0.5) / kSide, (y + 0.5) / kSide));
      }
    }
  }
  follow_edges(random);
}

/// Each colour moves towards those of the palette that are like it in brightness and hue.
void Subject::recolour(KeyedRandom& random, const Palette& palette) {
  const double share = random.uniform(0.5, 0.95);
  const double vivid = random.uniform(1.1, 1.7);
  double darkest = 1;
  double lightest = 0;
  double mean = 0;
  for (const Colour& colour : colours_) {
    const double light = luminance(colour);
    darkest = std::min(darkest, light);
    lightest = std::max(lightest, light);
    mean += light / static_cast<double>(colours_.size());
  }
  // Painters use the whole range, and lift dark pictures.
  const double lift = std::clamp(0.46 - mean, -0.12, 0.3);
  for (Colour& colour : colours_) {
    const double light = luminance(colour);
    const double t = (light - darkest) / std::max(lightest - darkest, 0.1);
    const double wanted = std::clamp(t + 4 * lift * t * (1 - t), 0.0, 1.0);
    const Colour chroma{colour.red - light, colour.green - light, colour.blue - light};
    Colour sum;
    double total = 0;
    for (const Colour& paint : palette) {
      const double own = luminance(paint);
      const double dl = own - wanted;
      const double dr = paint.red - own - vivid * chroma.red;
      const double db = paint.blue - own - vivid * chroma.blue;
      const double distance = 2.2 * dl * dl + dr * dr + db * db + 0.004;
      const double weight = 1 / (distance * distance);
      sum = sum + paint * weight;
      total += weight;
    }
    const Colour own = Colour{wanted, wanted, wanted} + chroma * vivid;
    colour = mixed(own, sum * (1 / total), share);
    colour = {std::clamp(colour.red, 0.0, 1.0), std::clamp(colour.green, 0.0, 1.0),
              std::clamp(colour.blue, 0.0, 1.0)};
  }
}

/// The structure tensor's direction, as the cosine and sine of twice the angle so that it can be
/// averaged, over a flow with whirls.
void Subject::follow_edges(KeyedRandom& random) {
  const WaveField flow(random, 0.3, 1.3);
  const double base = random.uniform(0, kPi);
  const double swing = random.uniform(0.4, 1.6);
  const std::vector<Circle> whirls = drawn_circles(random, 6, 0.7, {0.06, 0.2});
  const auto light = [&](int x, int y) {
    return luminance(colours_[index_of(std::clamp(x, 0, kSide - 1), std::clamp(y, 0, kSide - 1))]);
  };
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double gx = light(x + 1, y) - light(x - 1, y);
      const double gy = light(x, y + 1) - light(x, y - 1);
      ways_.push_back({gy * gy - gx * gx, -2 * gx * gy, gx * gx + gy * gy});
    }
  }
  blur(ways_, kSide, 2);
  blur(ways_, kSide, 2);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double u = (x + 0.5) / kSide;
      const double v = (y + 0.5) / kSide;
      const double angle = 2 * (base + swing * flow.at(u, v));
      double cosine = 0.003 * portable_cos(angle);
      double sine = 0.003 * portable_sin(angle);
      for (const Circle& whirl : whirls) {
        const double dx = u - whirl.x;
        const double dy = v - whirl.y;
        const double square = dx * dx + dy * dy;
        const double strength =
            0.02 * smooth_step(1, 0, std::sqrt(square) / (1.5 * whirl.radius)) / (square + 1e-6);
        cosine += strength * (dy * dy - dx * dx);
        sine += strength * (-2 * dx * dy);
      }
      Colour& way = ways_[index_of(x, y)];
      way = {way.red + cosine, way.green + sine, std::min(1.0, 30 * way.blue)};
    }
  }
}

Colour Subject::between(const std::vector<Colour>& values, double x, double y) const {
  const double column = std::clamp(x * kSide - 0.5, 0.0, kSide - 1.001);
  const double line = std::clamp(y * kSide - 0.5, 0.0, kSide - 1.001);
  const auto left = static_cast<std::size_t>(column);
  const auto top = static_cast<std::size_t>(line);
  const double u = column - static_cast<double>(left);
  const double v = line - static_cast<double>(top);
  const Colour* corner = &values[top * kSide + left];
  return mixed(mixed(corner[0], corner[1], u), mixed(corner[kSide], corner[kSide + 1], u), v);
}

Colour Subject::at(double x, double y) const {
  return between(colours_, x, y);
}

cv::Point2d Subject::way(double x, double y) const {
  const Colour doubled = between(ways_, x, y);
  const double length = std::sqrt(doubled.red * doubled.red + doubled.green * doubled.green);
  if (length < 1e-12) return {1, 0};
  const double cosine = doubled.red / length;
  const double half = std::sqrt(std::max(0.0, 0.5 * (1 + cosine)));
  const double sine = std::sqrt(std::max(0.0, 0.5 * (1 - cosine)));
  return {half, doubled.green < 0 ? -sine : sine};
}

double Subject::detail(double x, double y) const {
  return between(ways_, x, y).blue;
}

}  // namespace epochal::painting
