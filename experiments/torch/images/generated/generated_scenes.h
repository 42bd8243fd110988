#pragma once

#include <opencv2/core/mat.hpp>

#include "framework/base/keyed_random.h"

namespace epochal {

/// A picture in the place of a photograph: open land, a street, a harbour, a still life or a
/// portrait, at some hour of the day. 8-bit RGB [side,side,3].
cv::Mat draw_scene(KeyedRandom& random, int side);

}  // namespace epochal
