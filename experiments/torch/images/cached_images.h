#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "experiments/torch/images/image_source.h"

namespace epochal {

/// Images of a source, kept decoded and resized while a budget of memory lasts. Images that cannot
/// be read are left out and remembered with the reason. Safe from many threads.
class CachedImages {
 public:
  /// `indices` of the source become 0, 1, 2 … here; images have a shorter side of `side` pixels.
  CachedImages(const ImageSource& source, std::vector<std::int64_t> indices, int side,
               std::int64_t budget_bytes);

  std::int64_t size() const { return static_cast<std::int64_t>(indices_.size()); }

  /// The image, or an empty one if it cannot be read.
  cv::Mat at(std::int64_t position);

  /// Bytes that the images still to be decoded will take of the budget, if they are like those that
  /// have been.
  std::int64_t bytes_to_come() const;

  /// Why images were left out so far, by position.
  std::map<std::int64_t, std::string> failures() const;

 private:
  const ImageSource& source_;
  std::vector<std::int64_t> indices_;
  int side_;
  std::int64_t budget_left_;
  std::int64_t kept_ = 0;  ///< images
  std::int64_t kept_bytes_ = 0;
  mutable std::mutex mutex_;
  std::vector<cv::Mat> images_;
  std::map<std::int64_t, std::string> failures_;
};

/// Square crop of `size` pixels, its corner drawn from `key`, or the one in the centre. Of an empty
/// image both are empty.
cv::Mat random_crop(const cv::Mat& image, int size, std::initializer_list<std::uint64_t> key);
cv::Mat centre_crop(const cv::Mat& image, int size);

}  // namespace epochal
