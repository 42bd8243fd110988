// From images to batches: cache, crops and a queue that is filled in the background.

#include "experiments/torch/image_pairs.h"

#include <fmt/format.h>

#include <condition_variable>
#include <exception>
#include <map>
#include <thread>

#include "experiments/torch/image_tensor.h"
#include "framework/plugin/error.h"
#include "framework/plugin/keyed_random.h"

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
  }
  // Decoded outside of the lock; should two threads decode the same image, both get the same.
  cv::Mat image = source_.load(indices_.at(slot), side_);
  const auto bytes = static_cast<std::int64_t>(image.total() * image.elemSize());
  const std::lock_guard lock(mutex_);
  if (images_[slot].empty() && bytes <= budget_left_) {
    budget_left_ -= bytes;
    images_[slot] = image;
  }
  return image;
}

cv::Mat random_crop(const cv::Mat& image, int size, std::initializer_list<std::uint64_t> key) {
  KeyedRandom random(key);
  const auto x = static_cast<int>(random.below(static_cast<std::uint64_t>(image.cols - size) + 1));
  const auto y = static_cast<int>(random.below(static_cast<std::uint64_t>(image.rows - size) + 1));
  return image(cv::Rect(x, y, size, size));
}

cv::Mat centre_crop(const cv::Mat& image, int size) {
  return image(cv::Rect((image.cols - size) / 2, (image.rows - size) / 2, size, size));
}

struct BatchQueue::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::int64_t, PairBatch> ready;
  std::map<std::int64_t, std::exception_ptr> failed;
  std::int64_t next_to_make = 0;
  std::int64_t next_to_hand_out = 0;
  bool is_closing = false;
  std::int64_t count = 0;
  std::int64_t ahead = 0;
  std::function<PairBatch(std::int64_t)> make;
  std::vector<std::thread> threads;

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [&] { return is_closing || next_to_make < next_to_hand_out + ahead; });
      if (is_closing || next_to_make >= count) return;
      const std::int64_t number = next_to_make++;
      lock.unlock();
      PairBatch batch;
      std::exception_ptr failure;
      try {
        batch = make(number);
      } catch (...) {
        failure = std::current_exception();  // rethrown by next(), in the training thread
      }
      lock.lock();
      if (failure) {
        failed[number] = failure;
      } else {
        ready[number] = std::move(batch);
      }
      changed.notify_all();
    }
  }
};

BatchQueue::BatchQueue(std::int64_t count, int threads, std::function<PairBatch(std::int64_t)> make)
    : state_(std::make_unique<State>()) {
  state_->count = count;
  state_->ahead = threads + 2;
  state_->make = std::move(make);
  for (int i = 0; i < threads; ++i) state_->threads.emplace_back([this] { state_->work(); });
}

BatchQueue::~BatchQueue() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_closing = true;
  }
  state_->changed.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

PairBatch BatchQueue::next() {
  std::unique_lock lock(state_->mutex);
  const std::int64_t number = state_->next_to_hand_out;
  state_->changed.wait(
      lock, [&] { return state_->ready.contains(number) || state_->failed.contains(number); });
  if (const auto failure = state_->failed.find(number); failure != state_->failed.end()) {
    std::rethrow_exception(failure->second);
  }
  PairBatch batch = std::move(state_->ready.extract(number).mapped());
  ++state_->next_to_hand_out;
  state_->changed.notify_all();
  return batch;
}

}  // namespace epochal
