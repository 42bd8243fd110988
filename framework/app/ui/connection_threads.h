#pragma once

#include <httplib.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

namespace epochal::app {

/// A thread for each connection, so that a slow or silent client does not block others. Above a
/// limit, new connections wait until one ends.
class ConnectionThreads : public httplib::TaskQueue {
 public:
  /// Nothing, or in newer versions of cpp-httplib whether the connection was taken.
  using Enqueued = decltype(std::declval<httplib::TaskQueue&>().enqueue({}));

  Enqueued enqueue(std::function<void()> serve) override;
  /// Waits for the connections to end.
  void shutdown() override;

 private:
  static constexpr int kMost = 2000;

  std::mutex mutex_;
  std::condition_variable ended_;
  int open_ = 0;
};

}  // namespace epochal::app
