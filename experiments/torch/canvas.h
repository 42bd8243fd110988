#pragma once

// What the generators draw with. Coordinates are in [0,1] of the side, y downwards, so that a
// picture looks the same at any size; what they do with them is the same on every machine.

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "framework/plugin/keyed_random.h"

namespace epochal {

/// Red, green and blue in [0,1]; what lies outside is cut when it is drawn.
struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};

/// `share` of b and the rest of a.
Colour mixed(const Colour& a, const Colour& b, double share);

/// Towards the colour of shadows.
Colour darker(const Colour& colour, double share);

/// Hue in turns, saturation and value in [0,1].
Colour from_hsv(double hue, double saturation, double value);

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

  void polygon(const std::vector<cv::Point2d>& corners, const Colour& colour);
  void disc(double x, double y, double radius, const Colour& colour);
  void ellipse(double x, double y, double rx, double ry, const Colour& colour);
  void line(double x0, double y0, double x1, double y1, double width, const Colour& colour);

  const cv::Mat& pixels() const { return pixels_; }

 private:
  static unsigned char channel(double value) {
    return static_cast<unsigned char>(std::lround(255 * std::clamp(value, 0.0, 1.0)));
  }
  int fixed(double length) const;
  cv::Point subpixel(double x, double y) const { return {fixed(x), fixed(y)}; }

  int side_;
  cv::Mat pixels_;
};

}  // namespace epochal
