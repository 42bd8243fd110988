// Colours, noise and shapes of the generated pictures.

#include "experiments/torch/canvas.h"

#include <numbers>
#include <opencv2/imgproc.hpp>

#include "experiments/torch/portable_trigonometry.h"

namespace epochal {
namespace {

constexpr int kSubpixelBits = 4;

cv::Scalar scalar(const Colour& c) {
  return {255 * c.red, 255 * c.green, 255 * c.blue};
}

}  // namespace

Colour mixed(const Colour& a, const Colour& b, double share) {
  return {a.red + share * (b.red - a.red), a.green + share * (b.green - a.green),
          a.blue + share * (b.blue - a.blue)};
}

Colour darker(const Colour& colour, double share) {
  return mixed(colour, {0.04, 0.03, 0.08}, share);
}

Colour from_hsv(double hue, double saturation, double value) {
  const auto channel = [&](double offset) {
    const double k = std::fmod(offset + 6 * (hue - std::floor(hue)), 6.0);
    return value - value * saturation * std::clamp(std::min(k, 4 - k), 0.0, 1.0);
  };
  return {channel(5), channel(3), channel(1)};
}

Colour drawn_colour(KeyedRandom& random, Range hue, Range saturation, Range value) {
  const double h = random.uniform(hue.low, hue.high);
  const double s = random.uniform(saturation.low, saturation.high);
  const double v = random.uniform(value.low, value.high);
  return from_hsv(h, s, v);
}

WaveField::WaveField(KeyedRandom& random, double lowest, double highest) {
  for (Wave& wave : waves_) {
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    const double frequency = random.uniform(lowest, highest) * 2 * std::numbers::pi;
    wave = {frequency * portable_cos(angle), frequency * portable_sin(angle),
            random.uniform(0, 2 * std::numbers::pi)};
  }
}

double WaveField::at(double x, double y) const {
  double sum = 0;
  for (const Wave& wave : waves_) sum += portable_sin(wave.x * x + wave.y * y + wave.phase);
  return sum / static_cast<double>(waves_.size());
}

int Canvas::fixed(double length) const {
  return static_cast<int>(std::lround(length * side_ * (1 << kSubpixelBits)));
}

void Canvas::polygon(const std::vector<cv::Point2d>& corners, const Colour& colour) {
  std::vector<cv::Point> points;
  for (const cv::Point2d& corner : corners) points.push_back(subpixel(corner.x, corner.y));
  cv::fillPoly(pixels_, std::vector<std::vector<cv::Point>>{points}, scalar(colour), cv::LINE_AA,
               kSubpixelBits);
}

void Canvas::disc(double x, double y, double radius, const Colour& colour) {
  cv::circle(pixels_, subpixel(x, y), fixed(radius), scalar(colour), cv::FILLED, cv::LINE_AA,
             kSubpixelBits);
}

void Canvas::ellipse(double x, double y, double rx, double ry, const Colour& colour) {
  constexpr int kCorners = 28;
  std::vector<cv::Point2d> outline;
  for (int i = 0; i < kCorners; ++i) {
    const double angle = 2 * std::numbers::pi * i / kCorners;
    outline.emplace_back(x + rx * portable_cos(angle), y + ry * portable_sin(angle));
  }
  polygon(outline, colour);
}

void Canvas::line(double x0, double y0, double x1, double y1, double width, const Colour& colour) {
  const int pixels = std::max(1, static_cast<int>(std::lround(width * side_)));
  cv::line(pixels_, subpixel(x0, y0), subpixel(x1, y1), scalar(colour), pixels, cv::LINE_AA,
           kSubpixelBits);
}

}  // namespace epochal
