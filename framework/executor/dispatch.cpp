// Keeps an executor busy until all runs have ended, and records the end of workers that died.

#include "framework/executor/dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <deque>
#include <map>
#include <thread>

#include "db/end_of_log.h"
#include "db/maintenance/lost_runs.h"
#include "db/query.h"
#include "framework/base/text_lines.h"
#include "framework/runner/worker.h"
#include "framework/system/child_process.h"
#include "framework/system/process.h"

namespace epochal {
namespace {

constexpr std::chrono::milliseconds kPatience{100};
constexpr char kLogEndsWith[] = "\nits log ends with:\n";

std::string description(const RunExit& exit) {
  if (exit.signal == 0) return fmt::format("the worker ended with exit code {}", exit.exit_code);
  const std::string name = fmt::format("signal {} ({})", exit.signal, strsignal(exit.signal));
  return exit.signal == SIGKILL
             ? fmt::format("the worker was killed by {}, perhaps because memory ran out", name)
             : fmt::format("the worker died of {}", name);
}

/// The attempt that a worker of this machine has left open; none if there is none.
std::optional<store::AttemptRecord> open_attempt_of(const store::Query& query,
                                                    const RunExit& exit) {
  std::optional<store::AttemptRecord> attempt = store::open_attempt(query, exit.run);
  if (!attempt) return std::nullopt;
  ProcessIdentity worker = this_process();
  worker.pid = exit.worker;
  worker.start = attempt->process.start;
  return attempt->process == worker ? attempt : std::nullopt;
}

/// Records the end of a worker that died before it could.
void record_death(store::Store& store, const store::Query& query, const RunExit& exit,
                  bool was_asked_to_stop) {
  const std::optional<store::AttemptRecord> attempt = open_attempt_of(query, exit);
  if (!attempt) return;
  const bool was_stopped = was_asked_to_stop || exit.exit_code == RunExit::kStoppedEarly;
  if (was_stopped || is_from_outside(exit.signal)) {
    store.end_attempt(exit.run, attempt->id, store::RunStatus::interrupted, "interrupted", {});
    if (!was_stopped) store.add_event(exit.run, kKilledEvent, description(exit));
    return;
  }
  std::string error = description(exit);
  const std::string log = store::end_of_log(store.folder(), query.artifacts(exit.run));
  if (!log.empty()) error += kLogEndsWith + log;
  store.end_attempt(exit.run, attempt->id, store::RunStatus::failed, "crashed", error);
}

bool ended_for_want_of_room(const store::Query& query, const store::RunRecord& run) {
  const std::vector<store::EventRecord> events = query.events(run.id);
  return run.status == store::RunStatus::interrupted && !events.empty() &&
         events.back().kind == kDiskFullEvent;
}

/// A run that crashed its worker twice is not retried automatically.
bool is_set_aside(store::Store& store, const store::Query& query, store::RunId run) {
  const std::vector<store::AttemptRecord> attempts = query.attempts(run);
  const auto crashes = std::ranges::count(attempts, "crashed", &store::AttemptRecord::end_reason);
  if (crashes < 2) return false;
  store.add_event(run, "set aside",
                  fmt::format("the run has crashed its worker {} times", crashes));
  return true;
}

/// Runs that another process is doing, and the time of each one's last heartbeat by this machine's
/// clock: another machine's clock may be wrong.
class RunsElsewhere {
 public:
  RunsElsewhere(store::Store& store, const store::Query& query) : store_(store), query_(query) {}

  bool is_empty() const { return watched_.empty(); }

  /// Starts watching a run. Returns its open attempt, or none if that has ended.
  std::optional<store::AttemptRecord> watch(store::RunId run) {
    std::optional<store::AttemptRecord> attempt = store::open_attempt(query_, run);
    if (attempt) watched_[run] = {attempt->heartbeat_at, Clock::now()};
    return attempt;
  }

  /// The runs whose process is gone, checked at most once a second. If the process cannot be seen
  /// from here, its run is taken over after a minute without a heartbeat.
  std::vector<store::RunId> released() {
    if (Clock::now() - looked_ < std::chrono::seconds(1)) return {};
    looked_ = Clock::now();
    std::vector<store::RunId> released;
    for (auto& [run, seen] : watched_) {
      if (is_released(run, seen)) released.push_back(run);
    }
    for (const store::RunId run : released) watched_.erase(run);
    return released;
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct SeenHeartbeat {
    Timestamp heartbeat = 0;
    Clock::time_point when;
  };

  bool is_released(store::RunId run, SeenHeartbeat& seen) {
    constexpr std::chrono::seconds kSilence{60};
    const std::optional<store::AttemptRecord> attempt = store::open_attempt(query_, run);
    if (!attempt) return true;
    if (store::is_lost(*attempt)) {
      store::release(store_, *attempt, "its worker was gone");
      return true;
    }
    if (store::is_in_sight(*attempt)) return false;
    if (attempt->heartbeat_at != seen.heartbeat) seen = {attempt->heartbeat_at, Clock::now()};
    if (Clock::now() - seen.when < kSilence) return false;
    store::release(store_, *attempt,
                   fmt::format("taken over: its worker on {} sent no heartbeat for a minute",
                               attempt->host.name));
    return true;
  }

  store::Store& store_;
  const store::Query& query_;
  std::map<store::RunId, SeenHeartbeat> watched_;
  Clock::time_point looked_;
};

/// Does the runs, as dispatch() describes.
class Dispatcher {
 public:
  Dispatcher(Executor& executor, store::Store& store, RunSource& source,
             const DispatchLimits& limits, DispatchObserver& observer)
      : executor_(executor),
        store_(store),
        query_(store.folder()),
        source_(source),
        elsewhere_(store_, query_),
        limits_(limits),
        observer_(observer) {}

  bool run_all(const std::function<int()>& stops) {
    while (!running_.empty() || may_start() || may_wait()) {
      obey(stops());
      while (may_start() && executor_.room() > 0) {
        start_next();
        obey(stops());
      }
      const std::vector<RunExit> exits = executor_.poll(kPatience);
      for (const RunExit& exit : exits) take(exit);
      for (const store::RunId run : elsewhere_.released()) waiting_.push_back(run);
      observer_.waiting(running_);
      if (running_.empty() && exits.empty() && may_wait()) std::this_thread::sleep_for(kPatience);
    }
    return waiting_.empty() && !source_.has_more() && elsewhere_.is_empty();
  }

 private:
  bool goes_on() const {
    return stops_handled_ == 0 && !is_disk_full_ && !has_failed_ &&
           (!limits_.deadline || Deadline::clock::now() < *limits_.deadline);
  }
  bool may_start() const { return goes_on() && (!waiting_.empty() || source_.has_more()); }
  bool may_wait() const { return goes_on() && !elsewhere_.is_empty(); }

  void obey(int asked) {
    if (asked >= 1 && stops_handled_ == 0) executor_.ask_to_stop();
    if (asked >= 2 && stops_handled_ < 2) executor_.kill();
    stops_handled_ = asked;
  }

  /// Runs that are tried again, or come back from elsewhere, wait until the others have had a turn.
  std::optional<store::RunId> next() {
    if (source_.has_more()) return source_.next();
    if (waiting_.empty()) return std::nullopt;
    const store::RunId id = waiting_.front();
    waiting_.pop_front();
    return id;
  }

  void start_next() {
    const std::optional<store::RunId> chosen = next();
    if (!chosen) return;
    const store::RunId id = *chosen;
    const std::optional<store::RunRecord> run = query_.find_run(id);
    if (!run || run->trashed_at) {
      observer_.removed(id);
    } else if (run->status == store::RunStatus::running) {
      const std::optional<store::AttemptRecord> attempt = elsewhere_.watch(id);
      if (attempt) {
        observer_.elsewhere(*run, *attempt);
      } else {
        waiting_.push_back(id);  // its attempt has ended meanwhile
      }
    } else if (store::may_become(run->status, store::RunStatus::running)) {
      running_.push_back(id);
      observer_.started(*run);
      executor_.submit(*run);
    } else {
      observer_.ended(*run);  // another process has done it
    }
  }

  void take(const RunExit& exit) {
    std::erase(running_, exit.run);
    record_death(store_, query_, exit, stops_handled_ > 0 || has_failed_);
    const std::optional<store::RunRecord> run = query_.find_run(exit.run);
    if (!run) {
      observer_.removed(exit.run);
      return;
    }
    const bool has_died = exit.signal != 0 || exit.exit_code != 0;
    // A run that this worker has ended may have been continued by a process that wants more epochs.
    const bool is_elsewhere = has_died && run->status == store::RunStatus::running;
    if (exit.exit_code == RunExit::kNotOurs || is_elsewhere) {
      waiting_.push_back(exit.run);  // another process has it, or had
      return;
    }
    if (has_died && run->status == store::RunStatus::queued) {
      // The worker died before it claimed its run, which would stay queued forever.
      store_.add_event(exit.run, "worker", description(exit) + " before it started the run");
    }
    is_disk_full_ = is_disk_full_ || ended_for_want_of_room(query_, *run);
    if (run->status == store::RunStatus::failed) after_failure(*run);
    observer_.ended(*run);
  }

  void after_failure(const store::RunRecord& run) {
    if (tries_[run.id] < limits_.retries && !is_set_aside(store_, query_, run.id)) {
      ++tries_[run.id];
      store_.add_event(run.id, "retry",
                       fmt::format("tried again after: {}", first_line(run.error)));
      store_.retry_failed({run.id});
      waiting_.push_back(run.id);
    } else if (limits_.fail_fast && !has_failed_) {
      has_failed_ = true;
      executor_.ask_to_stop();
    }
  }

  Executor& executor_;
  store::Store& store_;
  store::Query query_;
  RunSource& source_;
  std::deque<store::RunId> waiting_;  ///< to be tried again
  std::vector<store::RunId> running_;
  RunsElsewhere elsewhere_;
  std::map<store::RunId, int> tries_;
  DispatchLimits limits_;
  DispatchObserver& observer_;
  int stops_handled_ = 0;
  bool is_disk_full_ = false;
  bool has_failed_ = false;
};

}  // namespace

bool dispatch(Executor& executor, store::Store& store, RunSource& runs,
              const std::function<int()>& stops, const DispatchLimits& limits,
              DispatchObserver& observer) {
  return Dispatcher(executor, store, runs, limits, observer).run_all(stops);
}

}  // namespace epochal
