#pragma once

#include <opencv2/core/mat.hpp>

#include "framework/plugin/keyed_random.h"

namespace epochal {

/// A picture in the place of a photograph: open land, a street or a paved square under a sky, with
/// balls, houses, trees and columns in perspective, lit from one side and fading into the distance.
/// 8-bit RGB [side,side,3].
cv::Mat draw_scene(KeyedRandom& random, int side);

}  // namespace epochal
