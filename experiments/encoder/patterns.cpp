// Pictures with known content, for a network to learn to see by.

#include "experiments/encoder/patterns.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "experiments/torch/canvas.h"
#include "experiments/torch/generated_images.h"
#include "experiments/torch/portable_trigonometry.h"
#include "framework/plugin/keyed_random.h"

namespace epochal::encoder {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::uint64_t kStream = 0x7061747465726e;  // keeps patterns apart from other generators
constexpr int kSubpixelBits = 4;

enum Label : std::size_t { kTexture, kShape, kHue, kOrientation };

struct Place {
  double x;
  double y;
  double radius;
  double angle;
};

using Outline = std::vector<cv::Point2d>;  // in units of the radius

Outline regular(int corners) {
  Outline outline;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * kPi * i / corners;
    outline.emplace_back(portable_cos(angle), portable_sin(angle));
  }
  return outline;
}

Outline star() {
  Outline outline;
  for (int i = 0; i < 10; ++i) {
    const double angle = 2 * kPi * i / 10;
    const double reach = i % 2 == 0 ? 1.0 : 0.42;
    outline.emplace_back(reach * portable_cos(angle), reach * portable_sin(angle));
  }
  return outline;
}

Outline cross() {
  constexpr double w = 0.33;
  return {{-w, -1}, {w, -1}, {w, -w}, {1, -w}, {1, w},   {w, w},
          {w, 1},   {-w, 1}, {-w, w}, {-1, w}, {-1, -w}, {-w, -w}};
}

Outline bar() {
  return {{-1, -0.3}, {1, -0.3}, {1, 0.3}, {-1, 0.3}};
}

void fill(cv::Mat& mask, const Outline& outline, const Place& place, int value) {
  std::vector<cv::Point> points;
  const double scale = mask.rows * (1 << kSubpixelBits);
  for (const cv::Point2d& corner : outline) {
    const double x = place.x + place.radius * (corner.x * portable_cos(place.angle) -
                                               corner.y * portable_sin(place.angle));
    const double y = place.y + place.radius * (corner.x * portable_sin(place.angle) +
                                               corner.y * portable_cos(place.angle));
    points.emplace_back(static_cast<int>(std::lround(x * scale)),
                        static_cast<int>(std::lround(y * scale)));
  }
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{points}, cv::Scalar(value), cv::LINE_AA,
               kSubpixelBits);
}

/// Where the shape is: 255 inside, 0 outside.
cv::Mat shape_mask(std::int64_t shape, const Place& place, int side) {
  constexpr int kRound = 40;
  cv::Mat mask = cv::Mat::zeros(side, side, CV_8UC1);
  Place inner = place;
  inner.radius *= 0.55;
  switch (shape) {
    case 0:
      fill(mask, regular(kRound), place, 255);
      break;
    case 1:
      fill(mask, regular(4), place, 255);
      break;
    case 2:
      fill(mask, regular(3), place, 255);
      break;
    case 3:
      fill(mask, star(), place, 255);
      break;
    case 4:
      fill(mask, regular(kRound), place, 255);
      fill(mask, regular(kRound), inner, 0);
      break;
    case 5:
      fill(mask, cross(), place, 255);
      break;
    case 6:
      fill(mask, bar(), place, 255);
      break;
    default:
      fill(mask, regular(6), place, 255);
  }
  return mask;
}

cv::Vec3d colour_of(double hue, double saturation, double value) {
  const Colour colour = from_hsv(hue, saturation, value);
  return {255 * colour.red, 255 * colour.green, 255 * colour.blue};
}

}  // namespace

Pattern draw_pattern(std::uint64_t index, int side) {
  KeyedRandom random({kStream, index});
  Pattern pattern;
  for (std::size_t task = 0; task < kTasks.size(); ++task) {
    pattern.labels.at(task) = static_cast<std::int64_t>(
        random.below(static_cast<std::uint64_t>(kTasks.at(task).classes)));
  }

  const std::uint64_t background = random.below(1'000'000);
  const std::int64_t texture = pattern.labels.at(kTexture);
  pattern.picture = texture == 0
                        ? generate_image(GeneratorKind::scenes, background, side)
                        : generate_painting(static_cast<Technique>(texture - 1), background, side);

  const Place place{random.uniform(0.35, 0.65), random.uniform(0.35, 0.65),
                    random.uniform(0.2, 0.34), random.uniform(0, 2 * kPi)};
  const cv::Mat mask = shape_mask(pattern.labels.at(kShape), place, side);

  // Labels stand for the middle of their bin; what is drawn lies anywhere within it.
  const double hue =
      (static_cast<double>(pattern.labels.at(kHue)) + random.uniform(0.15, 0.85)) / 8;
  const double orientation =
      (static_cast<double>(pattern.labels.at(kOrientation)) + random.uniform(0.15, 0.85)) * kPi / 6;
  const double value = random.uniform(0.55, 1);
  const cv::Vec3d bright = colour_of(hue, random.uniform(0.6, 1), value);
  const cv::Vec3d dark = colour_of(hue, random.uniform(0.6, 1), 0.45 * value);
  const double frequency = random.uniform(7, 13) * 2 * kPi;
  for (int y = 0; y < side; ++y) {
    auto* row = pattern.picture.ptr<cv::Vec3b>(y);
    const auto* cover = mask.ptr<unsigned char>(y);
    for (int x = 0; x < side; ++x) {
      if (cover[x] == 0) continue;
      const double along = (x * portable_cos(orientation) + y * portable_sin(orientation)) / side;
      const double stripe = 0.5 + 0.5 * portable_sin(frequency * along);
      const double share = cover[x] / 255.0;
      for (int c = 0; c < 3; ++c) {
        const double painted = dark[c] + stripe * (bright[c] - dark[c]);
        row[x][c] =
            static_cast<unsigned char>(std::lround(row[x][c] + share * (painted - row[x][c])));
      }
    }
  }
  return pattern;
}

}  // namespace epochal::encoder
