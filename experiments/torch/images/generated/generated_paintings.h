#pragma once

#include <opencv2/core/mat.hpp>

#include <optional>

#include "experiments/torch/images/generated/generated_images.h"
#include "framework/base/keyed_random.h"

namespace epochal {

/// A picture in the place of a painting, in a limited palette and in one technique, `wanted` or
/// else drawn. 8-bit RGB [side,side,3].
cv::Mat draw_painting(KeyedRandom& random, int side, std::optional<Technique> wanted);

}  // namespace epochal
