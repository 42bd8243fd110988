#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "experiments/torch/image_source.h"
#include "experiments/torch/torch_headers.h"

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

/// Content and style images of one step: float [N,3,S,S] in [0,1], on the CPU.
struct PairBatch {
  torch::Tensor content;
  torch::Tensor style;
};

/// Square crop of `size` pixels, its corner drawn from `key`.
cv::Mat random_crop(const cv::Mat& image, int size, std::initializer_list<std::uint64_t> key);
cv::Mat centre_crop(const cv::Mat& image, int size);

/// The batches of one pass, made ahead by background threads and handed out in order. What is in a
/// batch depends on its number alone, never on the threads.
class BatchQueue {
 public:
  /// `make(b)` is called once for each batch 0 … count-1, from any thread.
  BatchQueue(std::int64_t count, int threads, std::function<PairBatch(std::int64_t)> make);
  ~BatchQueue();
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;

  /// The next batch, waiting for it if need be. Rethrows what making it threw.
  PairBatch next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace epochal
