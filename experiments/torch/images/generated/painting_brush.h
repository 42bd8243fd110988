#pragma once

#include <vector>

#include "experiments/torch/images/generated/canvas.h"
#include "experiments/torch/images/generated/value_noise.h"

namespace epochal::painting {

/// A brush stroke: an arc with the marks of bristles, in units of the picture's side.
struct Stroke {
  double x;  ///< its middle
  double y;
  double along_x;  ///< its direction, of length 1
  double along_y;
  double half_length;
  double half_width;
  double bend;  ///< how far its ends lie beside the line through its middle
  Colour colour;
  double opacity;
  double dryness;  ///< how far the bristles stand apart, 0 to 1
};

/// Paint lies on the canvas as thick as the strokes left it.
class Brush {
 public:
  Brush(Canvas& canvas, KeyedRandom& random, int side);

  void paint(const Stroke& stroke);

  /// Lights the relief of the paint from above on the left.
  void light(double strength);

 private:
  Canvas& canvas_;
  ValueNoise bristles_;
  int side_;
  std::vector<float> height_;
  double next_ = 0;
};

}  // namespace epochal::painting
