#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace epochal {

/// How many threads make batches: those to start with, and how many may join them when the consumer
/// has to wait.
struct LoaderThreads {
  int first = 1;
  int most = 1;
};

/// The batches of one pass, made ahead by background threads and handed out in order. What is in a
/// batch depends on its number alone, never on the threads.
template <typename Batch>
class BatchQueue {
 public:
  /// `make(b)` is called once for each batch 0 … count-1, from any thread.
  BatchQueue(std::int64_t count, LoaderThreads threads, std::function<Batch(std::int64_t)> make)
      : count_(count), most_threads_(threads.most), make_(std::move(make)) {
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < threads.first; ++i) start_thread();
  }

  ~BatchQueue() {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;

  /// How many threads are making batches by now.
  int threads() const { return static_cast<int>(threads_.size()); }

  /// The next batch, waiting for it if need be. Rethrows what making it threw.
  Batch next() {
    std::unique_lock lock(mutex_);
    const std::int64_t number = next_to_hand_out_;
    const bool must_wait = !ready_.contains(number) && !failed_.contains(number);
    // Nothing can be ready before the first batch has been made; waiting for it says nothing.
    if (must_wait && number > 0 && threads() < most_threads_) start_thread();
    changed_.wait(lock, [&] { return ready_.contains(number) || failed_.contains(number); });
    if (const auto failure = failed_.find(number); failure != failed_.end()) {
      std::rethrow_exception(failure->second);
    }
    Batch batch = std::move(ready_.extract(number).mapped());
    ++next_to_hand_out_;
    changed_.notify_all();
    return batch;
  }

 private:
  void start_thread() {
    threads_.emplace_back([this] { work(); });
  }

  /// How far behind the batches made the one to hand out next may lie.
  std::int64_t ahead() const { return threads() + 2; }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] {
        return is_closing_ || next_to_make_ >= count_ ||
               next_to_make_ < next_to_hand_out_ + ahead();
      });
      if (is_closing_ || next_to_make_ >= count_) return;
      const std::int64_t number = next_to_make_++;
      lock.unlock();
      try {
        Batch batch = make_(number);
        lock.lock();
        ready_.emplace(number, std::move(batch));
      } catch (...) {
        if (!lock.owns_lock()) lock.lock();
        failed_[number] = std::current_exception();  // rethrown by next(), where it is asked for
      }
      changed_.notify_all();
    }
  }

  std::int64_t count_;
  int most_threads_;
  std::function<Batch(std::int64_t)> make_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int64_t, Batch> ready_;
  std::map<std::int64_t, std::exception_ptr> failed_;
  std::int64_t next_to_make_ = 0;
  std::int64_t next_to_hand_out_ = 0;
  bool is_closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace epochal
