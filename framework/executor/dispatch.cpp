// Keeps an executor busy until all runs have ended, and records the deaths that workers cannot.

#include "framework/executor/dispatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <deque>
#include <fstream>
#include <map>

#include "db/artifact_path.h"
#include "db/query.h"
#include "framework/runner/worker.h"

namespace epochal {
namespace {

constexpr std::chrono::milliseconds kPatience{100};

/// The last lines of the newest log, for the error of a run that could not say more itself.
std::string end_of_log(const std::filesystem::path& store,
                       const std::vector<ArtifactRecord>& artifacts) {
  const auto log = std::find_if(artifacts.rbegin(), artifacts.rend(), [](const auto& artifact) {
    return artifact.kind == ArtifactRecord::Kind::log;
  });
  if (log == artifacts.rend()) return {};

  constexpr std::streamoff kShown = 600;
  std::ifstream in(artifact_file(store, log->path), std::ios::binary | std::ios::ate);
  const std::streamoff size = in.tellg();
  if (size <= 0) return {};
  in.seekg(std::max<std::streamoff>(0, size - kShown));
  std::string text(static_cast<std::size_t>(std::min(size, kShown)), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string description(const RunExit& exit) {
  if (exit.signal == 0) return fmt::format("the worker ended with exit code {}", exit.exit_code);
  const std::string name = fmt::format("signal {} ({})", exit.signal, strsignal(exit.signal));
  return exit.signal == SIGKILL
             ? fmt::format("the worker was killed by {}, perhaps for want of memory", name)
             : fmt::format("the worker died of {}", name);
}

/// Signals that say nothing against the run: somebody, or the system for want of memory, ended it.
bool is_from_outside(int signal) {
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

/// Records the end of a worker that died before it could.
void record_death(Store& store, const Query& query, const RunExit& exit, bool was_asked_to_stop) {
  const RunRecord run = query.run(exit.run);
  const std::vector<AttemptRecord> attempts = query.attempts(exit.run);
  const bool died =
      run.status == RunStatus::running && !attempts.empty() && !attempts.back().ended_at;
  if (!died) return;
  if (was_asked_to_stop || exit.exit_code == RunExit::kStoppedEarly) {
    store.end_attempt(run.id, attempts.back().id, RunStatus::interrupted, "interrupted", {});
    return;
  }
  if (is_from_outside(exit.signal)) {
    store.end_attempt(run.id, attempts.back().id, RunStatus::interrupted, "interrupted", {});
    store.add_event(run.id, kKilledEvent, description(exit));
    return;
  }
  std::string error = description(exit);
  const std::string log = end_of_log(store.folder(), query.artifacts(exit.run));
  if (!log.empty()) error += "; its log ends with: " + log;
  store.end_attempt(run.id, attempts.back().id, RunStatus::failed, "crashed", error);
}

bool ended_for_want_of_room(const Query& query, RunId run) {
  const std::vector<EventRecord> events = query.events(run);
  return query.run(run).status == RunStatus::interrupted && !events.empty() &&
         events.back().kind == kDiskFullEvent;
}

/// A worker that died before it claimed its run would leave it queued for ever.
void record_stillbirth(Store& store, const Query& query, const RunExit& exit) {
  if (query.run(exit.run).status != RunStatus::queued) return;
  store.add_event(exit.run, "worker", description(exit) + " before it took up the run");
}

/// A run that crashed its worker twice is not tried again by itself.
bool is_set_aside(Store& store, const Query& query, RunId run) {
  const std::vector<AttemptRecord> attempts = query.attempts(run);
  const auto crashes = std::count_if(attempts.begin(), attempts.end(), [](const auto& attempt) {
    return attempt.end_reason == "crashed";
  });
  if (crashes < 2) return false;
  store.add_event(run, "set aside", fmt::format("it has crashed its worker {} times", crashes));
  return true;
}

}  // namespace

bool dispatch(Executor& executor, Store& store, const std::vector<RunId>& runs,
              const std::function<int()>& stops, const DispatchLimits& limits,
              DispatchObserver& observer) {
  const Query query(store.folder());
  std::deque<RunId> waiting(runs.begin(), runs.end());
  std::vector<RunId> running;
  std::map<RunId, int> tries;
  int obeyed = 0;
  bool is_disk_full = false;
  bool has_failed = false;
  const auto may_start = [&] {
    return obeyed == 0 && !waiting.empty() && !is_disk_full && !has_failed &&
           (!limits.deadline || now() < *limits.deadline);
  };
  while (!running.empty() || may_start()) {
    const int asked = stops();
    if (asked >= 1 && obeyed == 0) executor.ask_to_stop();
    if (asked >= 2 && obeyed < 2) executor.kill();
    obeyed = asked;

    while (may_start() && executor.room() > 0) {
      const RunRecord run = query.run(waiting.front());
      waiting.pop_front();
      running.push_back(run.id);
      observer.started(run);
      executor.submit(run);
    }
    for (const RunExit& exit : executor.poll(kPatience)) {
      std::erase(running, exit.run);
      record_death(store, query, exit, obeyed > 0 || has_failed);
      if (exit.signal != 0 || exit.exit_code != 0) record_stillbirth(store, query, exit);
      is_disk_full = is_disk_full || ended_for_want_of_room(query, exit.run);
      const RunRecord ended = query.run(exit.run);
      if (ended.status == RunStatus::failed && tries[exit.run] < limits.retries &&
          !is_set_aside(store, query, exit.run)) {
        ++tries[exit.run];
        store.add_event(exit.run, "retry", fmt::format("tried again after: {}", ended.error));
        store.retry_failed({exit.run});
        waiting.push_back(exit.run);
      } else if (limits.fail_fast && ended.status == RunStatus::failed && !has_failed) {
        has_failed = true;
        executor.ask_to_stop();
      }
      observer.ended(ended);
    }
    observer.waiting(running);
  }
  return waiting.empty();
}

}  // namespace epochal
