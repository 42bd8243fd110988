// Colours, noise and shapes of the generated pictures.

#include "experiments/torch/images/generated/canvas.h"

#include <numbers>
#include <opencv2/imgproc.hpp>

#include "experiments/torch/images/generated/portable_trigonometry.h"

namespace epochal {
namespace {

constexpr int kSubpixelBits = 4;

cv::Scalar scalar(const Colour& c) {
  return {255 * c.red, 255 * c.green, 255 * c.blue};
}

/// The mean of 2 reach + 1 neighbours along one line, twice, which makes a tent of the box.
void blur_line(unsigned char* line, std::size_t step, int count, int reach,
               std::vector<int>& copy) {
  const auto at = [&](int i) {
    return copy[static_cast<std::size_t>(std::clamp(i, 0, count - 1))];
  };
  for (int pass = 0; pass < 2; ++pass) {
    for (int i = 0; i < count; ++i) {
      copy[static_cast<std::size_t>(i)] = line[static_cast<std::size_t>(i) * step];
    }
    int sum = 0;
    for (int i = -reach; i <= reach; ++i) sum += at(i);
    for (int i = 0; i < count; ++i) {
      line[static_cast<std::size_t>(i) * step] = static_cast<unsigned char>(sum / (2 * reach + 1));
      sum += at(i + reach + 1) - at(i - reach);
    }
  }
}

/// Softens a mask; by hand, because the rounding of OpenCV's own differs with the processor.
void blur(cv::Mat& mask, int reach) {
  if (reach == 0) return;
  std::vector<int> copy(static_cast<std::size_t>(std::max(mask.rows, mask.cols)));
  for (int y = 0; y < mask.rows; ++y) blur_line(mask.ptr(y), 1, mask.cols, reach, copy);
  for (int x = 0; x < mask.cols; ++x) blur_line(mask.ptr(0) + x, mask.step, mask.rows, reach, copy);
}

}  // namespace

Colour mixed(const Colour& a, const Colour& b, double share) {
  return {a.red + share * (b.red - a.red), a.green + share * (b.green - a.green),
          a.blue + share * (b.blue - a.blue)};
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

/// OpenCV counts from the middle of the first pixel. What lies far outside stays within its range.
cv::Point Canvas::subpixel(double x, double y) const {
  const int half = 1 << (kSubpixelBits - 1);
  return {fixed(std::clamp(x, -8.0, 9.0)) - half, fixed(std::clamp(y, -8.0, 9.0)) - half};
}

cv::Rect Canvas::pixel_box(const Outline& outline, int border) const {
  double left = 9;
  double top = 9;
  double right = -8;
  double bottom = -8;
  for (const cv::Point2d& corner : outline) {
    left = std::min(left, corner.x);
    right = std::max(right, corner.x);
    top = std::min(top, corner.y);
    bottom = std::max(bottom, corner.y);
  }
  const auto pixel = [&](double place) {
    return static_cast<int>(std::floor(std::clamp(place, -8.0, 9.0) * side_));
  };
  const cv::Rect box(pixel(left) - border, pixel(top) - border,
                     pixel(right) - pixel(left) + 2 * border + 1,
                     pixel(bottom) - pixel(top) + 2 * border + 1);
  return box & cv::Rect(0, 0, side_, side_);
}

cv::Mat Canvas::coverage(const Outline& outline, const cv::Rect& box) const {
  cv::Mat mask = cv::Mat::zeros(box.size(), CV_8UC1);
  std::vector<cv::Point> points;
  for (const cv::Point2d& corner : outline) {
    points.push_back(subpixel(corner.x, corner.y) - box.tl() * (1 << kSubpixelBits));
  }
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{points}, 255, cv::LINE_AA, kSubpixelBits);
  return mask;
}

void Canvas::shadow(const Outline& outline, const Colour& light, double softness) {
  const int reach = static_cast<int>(std::lround(softness * side_));
  const cv::Rect box = pixel_box(outline, reach + 1);
  if (box.empty()) return;
  cv::Mat mask = coverage(outline, box);
  blur(mask, (reach + 1) / 2);
  lay_within(box, mask, [&](double x, double y) { return at(x, y) * light; });
}

Colour Canvas::at(double x, double y) const {
  const int column = std::clamp(static_cast<int>(std::floor(x * side_)), 0, side_ - 1);
  const int line = std::clamp(static_cast<int>(std::floor(y * side_)), 0, side_ - 1);
  const auto& pixel = pixels_.at<cv::Vec3b>(line, column);
  return {pixel[0] / 255.0, pixel[1] / 255.0, pixel[2] / 255.0};
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
