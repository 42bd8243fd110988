#include "framework/app/ui/change_feed.h"

#include <random>

namespace epochal::app {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kPause{300};
/// If more runs change, the page reads all again.
constexpr std::size_t kMostNamed = 500;

/// Cursors from another start of the server are invalid, so each start uses other numbers.
std::int64_t random_start() {
  std::random_device random;
  return static_cast<std::int64_t>(random() & 0xffffff) * 1'000'000;
}

}  // namespace

ChangeFeed::ChangeFeed(std::filesystem::path store)
    : store_(std::move(store)), cursor_(random_start()), first_(cursor_) {
  const store::Query query(store_);
  runs_ = query.run_states();
  sweeps_ = query.sweeps_state();
  thread_ = std::thread([this] { watch(); });
}

ChangeFeed::~ChangeFeed() {
  stop();
  thread_.join();
}

std::int64_t ChangeFeed::cursor() {
  const std::lock_guard guard(mutex_);
  return cursor_;
}

void ChangeFeed::stop() {
  const std::lock_guard guard(mutex_);
  is_stopped_ = true;
  changed_.notify_all();
}

bool ChangeFeed::has_stopped() {
  const std::lock_guard guard(mutex_);
  return is_stopped_;
}

std::optional<StoreChange> ChangeFeed::wait(std::int64_t cursor, milliseconds patience) {
  std::unique_lock lock(mutex_);
  ++listeners_;
  changed_.notify_all();
  changed_.wait_for(lock, patience, [&] { return is_stopped_ || cursor != cursor_; });
  --listeners_;
  if (is_stopped_ || cursor == cursor_) return std::nullopt;
  return since(cursor);
}

StoreChange ChangeFeed::since(std::int64_t cursor) const {
  StoreChange all;
  all.cursor = cursor_;
  all.is_all = true;
  all.has_sweeps = sweeps_changed_at_ > cursor;
  if (cursor < first_ || cursor > cursor_) return all;
  StoreChange change = all;
  change.is_all = false;
  const auto later = [&](const std::map<std::string, std::int64_t>& changes) {
    std::vector<std::string> runs;
    for (const auto& [run, at] : changes) {
      if (at > cursor) runs.push_back(run);
    }
    return runs;
  };
  change.runs = later(changed_at_);
  change.epochs = later(epochs_at_);
  change.removed = later(removed_at_);
  for (const std::string& run : later(working_at_)) change.working.emplace(run, runs_.at(run).live);
  return change.runs.size() + change.removed.size() > kMostNamed ? all : change;
}

void ChangeFeed::watch() {
  std::optional<store::Query> query;
  std::int64_t version = -1;
  milliseconds pause = kPause;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, pause, [this] { return is_stopped_; });
      changed_.wait(lock, [this] { return is_stopped_ || listeners_ > 0; });
      if (is_stopped_) return;
    }
    try {
      if (!query) query.emplace(store_);
      const std::int64_t now = query->data_version();
      if (now == version) continue;
      const auto began = Clock::now();
      const auto runs = query->run_states();
      const std::size_t sweeps = query->sweeps_state();
      version = now;
      look(runs, sweeps);
      const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - began);
      pause = std::max(kPause, 20 * took);
    } catch (const std::exception&) {
      query.reset();  // the store is busy or missing for a moment: try again later
      version = -1;
    }
  }
}

void ChangeFeed::look(const std::map<std::string, store::RunState>& runs, std::size_t sweeps) {
  const std::lock_guard guard(mutex_);
  const std::int64_t next = cursor_ + 1;
  bool has_change = sweeps != sweeps_;
  if (has_change) sweeps_changed_at_ = next;
  for (const auto& [run, state] : runs) {
    const auto known = runs_.find(run);
    if (known != runs_.end() && known->second == state) continue;
    has_change = true;
    if (state.heartbeat > 0) working_at_[run] = next;
    if (known != runs_.end() && known->second.shown == state.shown) continue;
    changed_at_[run] = next;
    if (known == runs_.end() || known->second.epochs_done != state.epochs_done) {
      epochs_at_[run] = next;
    }
    removed_at_.erase(run);
  }
  for (const auto& [run, state] : runs_) {
    if (runs.contains(run)) continue;
    removed_at_[run] = next;
    changed_at_.erase(run);
    epochs_at_.erase(run);
    working_at_.erase(run);
    has_change = true;
  }
  if (!has_change) return;
  runs_ = runs;
  sweeps_ = sweeps;
  cursor_ = next;
  changed_.notify_all();
}

}  // namespace epochal::app
