#pragma once

#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <vector>

#include "experiments/torch/image_source.h"

namespace epochal {

/// Images of a source, kept decoded and resized while a budget of memory lasts. Safe from many
/// threads.
class CachedImages {
 public:
  /// `indices` of the source become 0, 1, 2 … here; images have a shorter side of `side` pixels.
  CachedImages(const ImageSource& source, std::vector<std::int64_t> indices, int side,
               std::int64_t budget_bytes);

  std::int64_t size() const { return static_cast<std::int64_t>(indices_.size()); }
  cv::Mat at(std::int64_t position);

 private:
  const ImageSource& source_;
  std::vector<std::int64_t> indices_;
  int side_;
  std::int64_t budget_left_;
  std::mutex mutex_;
  std::vector<cv::Mat> images_;
};

/// Square crop of `size` pixels, its corner drawn from `key`.
cv::Mat random_crop(const cv::Mat& image, int size, std::initializer_list<std::uint64_t> key);
cv::Mat centre_crop(const cv::Mat& image, int size);

}  // namespace epochal
