// More views of a picture than it is: an encoder has to see what is there at any size and in any
// light.

#include "experiments/encoder/augmentation.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "framework/base/keyed_random.h"

namespace epochal::encoder {
namespace {

constexpr double kBrightness = 0.25;  // at most this share brighter or darker
constexpr double kTint = 0.1;         // the same for each channel alone

int below(KeyedRandom& random, int end) {
  return static_cast<int>(random.below(static_cast<std::uint64_t>(end)));
}

}  // namespace

cv::Mat augmented_crop(const cv::Mat& picture, int side, std::initializer_list<std::uint64_t> key) {
  if (picture.empty()) return {};
  KeyedRandom random(key);
  const int part = side + below(random, std::min(picture.rows, picture.cols) - side + 1);
  const int x = below(random, picture.cols - part + 1);
  const int y = below(random, picture.rows - part + 1);
  cv::Mat crop;
  cv::resize(picture(cv::Rect(x, y, part, part)), crop, cv::Size(side, side), 0, 0, cv::INTER_AREA);
  if (random.below(2) == 1) cv::flip(crop, crop, 1);

  const double brightness = random.uniform(1 - kBrightness, 1 + kBrightness);
  cv::Scalar gains;
  for (int channel = 0; channel < 3; ++channel) {
    gains[channel] = brightness * random.uniform(1 - kTint, 1 + kTint);
  }
  cv::multiply(crop, gains, crop);
  return crop;
}

}  // namespace epochal::encoder
