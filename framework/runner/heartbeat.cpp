// A thread with a connection of its own.

#include "framework/runner/heartbeat.h"

#include <chrono>
#include <optional>
#include <utility>

#include "db/store.h"

namespace epochal {
namespace {

constexpr std::chrono::seconds kInterval{5};

}  // namespace

Heartbeat::Heartbeat(std::filesystem::path store, store::AttemptId attempt)
    : store_(std::move(store)),
      attempt_(attempt),
      thread_([this](const std::stop_token& stop) { beat(stop); }) {}

void Heartbeat::beat(const std::stop_token& stop) {
  std::optional<store::Store> store;
  std::unique_lock lock(mutex_);
  while (!woken_.wait_for(lock, stop, kInterval, [&] { return stop.stop_requested(); })) {
    try {
      if (!store) {
        store.emplace(store_);
        // A heartbeat may be lost in a power cut.
        store->connection().database().exec("pragma synchronous = normal");
      }
      if (store->report_heartbeat(attempt_)) continue;
      is_taken_over_ = true;
      return;
    } catch (const std::exception&) {
      // The store's disk is full or unreachable: the run itself will report that.
    }
  }
}

}  // namespace epochal
