#include "framework/app/ui/connection_threads.h"

#include <thread>

namespace epochal::app {

ConnectionThreads::Enqueued ConnectionThreads::enqueue(std::function<void()> serve) {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return open_ < kMost; });
  ++open_;
  lock.unlock();
  std::thread([this, serve = std::move(serve)] {
    serve();
    // Notifies under the lock, so that shutdown() does not return and destroy this object before.
    const std::lock_guard guard(mutex_);
    --open_;
    ended_.notify_all();
  }).detach();
  return static_cast<Enqueued>(true);
}

void ConnectionThreads::shutdown() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return open_ == 0; });
}

}  // namespace epochal::app
