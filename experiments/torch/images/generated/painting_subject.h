#pragma once

#include <cstddef>
#include <vector>

#include "experiments/torch/images/generated/canvas.h"
#include "framework/base/keyed_random.h"

namespace epochal::painting {

/// The colours a painter has, from dark to light.
using Palette = std::vector<Colour>;

Palette drawn_palette(KeyedRandom& random);

/// The palette's colour for a brightness in [0,1], mixed between neighbours.
Colour from_palette(const Palette& palette, double brightness);

/// What a painting shows: a scene or a free composition in the colours of a palette, and the way
/// in which it runs. It is as fine as a painter looks, the same for every size of the painting.
class Subject {
 public:
  Subject(KeyedRandom& random, const Palette& palette);

  /// Between its pixels, smoothly.
  Colour at(double x, double y) const;

  /// Of length 1, along what is seen there: along its edges, and where there are none along a flow
  /// with whirls.
  cv::Point2d way(double x, double y) const;

  /// How much there is to see, from 0 in plain places to 1.
  double detail(double x, double y) const;

 private:
  static constexpr int kSide = 112;
  static constexpr std::size_t index_of(int x, int y) {
    return static_cast<std::size_t>(y) * kSide + static_cast<std::size_t>(x);
  }

  Colour between(const std::vector<Colour>& values, double x, double y) const;
  void recolour(KeyedRandom& random, const Palette& palette);
  void follow_edges(KeyedRandom& random);

  std::vector<Colour> colours_;
  std::vector<Colour> ways_;  // cosine and sine of twice the angle, and the detail
};

}  // namespace epochal::painting
