#pragma once

// What the generators draw with. Coordinates are in [0,1] of the side, y downwards, so that a
// picture looks the same at any size; what they do with them is the same on every machine.

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "framework/base/keyed_random.h"

namespace epochal {

/// Red, green and blue in [0,1]; what lies outside is cut when it is drawn.
struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};

inline Colour operator*(const Colour& a, const Colour& b) {
  return {a.red * b.red, a.green * b.green, a.blue * b.blue};
}
inline Colour operator*(const Colour& colour, double factor) {
  return {colour.red * factor, colour.green * factor, colour.blue * factor};
}
inline Colour operator+(const Colour& a, const Colour& b) {
  return {a.red + b.red, a.green + b.green, a.blue + b.blue};
}

/// How bright an eye sees it (Rec. 601).
inline double luminance(const Colour& c) {
  return 0.299 * c.red + 0.587 * c.green + 0.114 * c.blue;
}

/// `share` of b and the rest of a.
Colour mixed(const Colour& a, const Colour& b, double share);

/// Hue in turns, saturation and value in [0,1].
Colour from_hsv(double hue, double saturation, double value);

/// 0 below `low`, 1 above `high`, smooth between.
inline double smooth_step(double low, double high, double value) {
  const double t = std::clamp((value - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

/// A colour and how much of it covers what lies beneath.
struct Paint {
  Colour colour;
  double cover = 1;
};

using Outline = std::vector<cv::Point2d>;

struct Range {
  double low;
  double high;
};

/// Draws hue, saturation and value in this order; as arguments of one call their order would be
/// the compiler's choice.
Colour drawn_colour(KeyedRandom& random, Range hue, Range saturation, Range value);

/// Smooth noise in [-1,1] over the plane: a few random plane waves.
class WaveField {
 public:
  /// Waves of `lowest` to `highest` periods a unit.
  WaveField(KeyedRandom& random, double lowest, double highest);

  double at(double x, double y) const;

 private:
  struct Wave {
    double x;
    double y;
    double phase;
  };
  std::array<Wave, 5> waves_{};
};

/// A square picture.
class Canvas {
 public:
  explicit Canvas(int side) : side_(side), pixels_(side, side, CV_8UC3) {}
  /// A picture of its own, unlike a copy of a cv::Mat.
  Canvas(const Canvas& other) : side_(other.side_), pixels_(other.pixels_.clone()) {}
  Canvas& operator=(const Canvas&) = delete;

  /// Gives every pixel the colour shade(x, y).
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

  /// Lays the paint shade(x, y) over every pixel of a rectangle.
  template <typename Shade>
  void wash(double left, double top, double right, double bottom, const Shade& shade) {
    const int first_x = std::clamp(static_cast<int>(std::floor(left * side_)), 0, side_);
    const int last_x = std::clamp(static_cast<int>(std::ceil(right * side_)), 0, side_);
    const int first_y = std::clamp(static_cast<int>(std::floor(top * side_)), 0, side_);
    const int last_y = std::clamp(static_cast<int>(std::ceil(bottom * side_)), 0, side_);
    for (int y = first_y; y < last_y; ++y) {
      auto* row = pixels_.ptr<cv::Vec3b>(y);
      for (int x = first_x; x < last_x; ++x) {
        const Paint paint = shade((x + 0.5) / side_, (y + 0.5) / side_);
        if (paint.cover > 0) lay(row[x], paint);
      }
    }
  }

  /// Gives every pixel within the outline the colour shade(x, y).
  template <typename Shade>
  void paint(const Outline& outline, const Shade& shade) {
    const cv::Rect box = pixel_box(outline, 1);
    if (!box.empty()) lay_within(box, coverage(outline, box), shade);
  }

  /// Multiplies what lies within the outline by `light`, with a border as wide as `softness`.
  void shadow(const Outline& outline, const Colour& light, double softness);

  /// The colour seen at a place; beyond the border, that of the border.
  Colour at(double x, double y) const;

  /// The width of a pixel.
  double pixel() const { return 1.0 / side_; }

  void polygon(const std::vector<cv::Point2d>& corners, const Colour& colour);
  void disc(double x, double y, double radius, const Colour& colour);
  void ellipse(double x, double y, double rx, double ry, const Colour& colour);
  void line(double x0, double y0, double x1, double y1, double width, const Colour& colour);

  const cv::Mat& pixels() const { return pixels_; }

 private:
  static unsigned char channel(double value) {
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): the value is never negative, and lround is slow
    return static_cast<unsigned char>(255 * std::clamp(value, 0.0, 1.0) + 0.5);
  }
  static void lay(cv::Vec3b& pixel, const Paint& paint) {
    const double cover = std::min(paint.cover, 1.0);
    pixel = {channel(pixel[0] / 255.0 + cover * (paint.colour.red - pixel[0] / 255.0)),
             channel(pixel[1] / 255.0 + cover * (paint.colour.green - pixel[1] / 255.0)),
             channel(pixel[2] / 255.0 + cover * (paint.colour.blue - pixel[2] / 255.0))};
  }
  template <typename Shade>
  void lay_within(const cv::Rect& box, const cv::Mat& mask, const Shade& shade) {
    for (int y = 0; y < box.height; ++y) {
      auto* row = pixels_.ptr<cv::Vec3b>(box.y + y) + box.x;
      const auto* cover = mask.ptr<unsigned char>(y);
      for (int x = 0; x < box.width; ++x) {
        if (cover[x] == 0) continue;
        lay(row[x],
            {shade((box.x + x + 0.5) / side_, (box.y + y + 0.5) / side_), cover[x] / 255.0});
      }
    }
  }
  int fixed(double length) const;
  cv::Point subpixel(double x, double y) const;
  cv::Rect pixel_box(const Outline& outline, int border) const;
  cv::Mat coverage(const Outline& outline, const cv::Rect& box) const;

  int side_;
  cv::Mat pixels_;
};

}  // namespace epochal
