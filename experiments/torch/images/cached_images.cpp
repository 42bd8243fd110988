// Decoded images in memory, and crops of them.

#include "experiments/torch/images/cached_images.h"

#include <algorithm>

#include "framework/base/error.h"
#include "framework/base/keyed_random.h"

namespace epochal {

CachedImages::CachedImages(const ImageSource& source, std::vector<std::int64_t> indices, int side,
                           std::int64_t budget_bytes)
    : source_(source),
      indices_(std::move(indices)),
      side_(side),
      budget_left_(budget_bytes),
      images_(indices_.size()) {}

cv::Mat CachedImages::at(std::int64_t position) {
  const auto slot = static_cast<std::size_t>(position);
  {
    const std::lock_guard lock(mutex_);
    if (!images_[slot].empty()) return images_[slot];
    if (failures_.contains(position)) return {};
  }
  // Decoded outside of the lock; should two threads decode the same image, both get the same.
  cv::Mat image;
  try {
    image = source_.load(indices_.at(slot), side_);
  } catch (const Error& error) {
    const std::lock_guard lock(mutex_);
    failures_.emplace(position, error.what());
    return {};
  }
  const auto bytes = static_cast<std::int64_t>(image.total() * image.elemSize());
  const std::lock_guard lock(mutex_);
  if (images_[slot].empty() && bytes <= budget_left_) {
    budget_left_ -= bytes;
    images_[slot] = image;
    ++kept_;
    kept_bytes_ += bytes;
  }
  return image;
}

std::int64_t CachedImages::bytes_to_come() const {
  const std::lock_guard lock(mutex_);
  if (kept_ == 0) return 0;
  const std::int64_t missing = size() - kept_ - static_cast<std::int64_t>(failures_.size());
  return std::min(budget_left_, missing * (kept_bytes_ / kept_));
}

std::map<std::int64_t, std::string> CachedImages::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

cv::Mat random_crop(const cv::Mat& image, int size, std::initializer_list<std::uint64_t> key) {
  if (image.empty()) return {};
  KeyedRandom random(key);
  const auto x = static_cast<int>(random.below(static_cast<std::uint64_t>(image.cols - size) + 1));
  const auto y = static_cast<int>(random.below(static_cast<std::uint64_t>(image.rows - size) + 1));
  return image(cv::Rect(x, y, size, size));
}

cv::Mat centre_crop(const cv::Mat& image, int size) {
  if (image.empty()) return {};
  return image(cv::Rect((image.cols - size) / 2, (image.rows - size) / 2, size, size));
}

}  // namespace epochal
