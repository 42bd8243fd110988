// Runs whose worker died without recording an end.

#include "db/maintenance/lost_runs.h"

#include <utility>

#include "framework/system/host.h"
#include "framework/system/process.h"

namespace epochal::store {
namespace {

Presence presence_of_worker(const AttemptRecord& attempt) {
  if (!attempt.process.boot.empty()) return presence_of(attempt.process);
  // Records from before schema 7 have only the name of the machine.
  if (attempt.host.name != host_name()) return Presence::out_of_sight;
  ProcessIdentity process = this_process();
  process.pid = attempt.process.pid;
  process.start = attempt.process.start;
  return presence_of(process);
}

}  // namespace

std::optional<AttemptRecord> open_attempt(const Query& query, RunId run) {
  for (AttemptRecord& attempt : query.attempts(run)) {
    if (!attempt.ended_at) return std::move(attempt);
  }
  return std::nullopt;
}

bool is_lost(const AttemptRecord& attempt) {
  return !attempt.ended_at && presence_of_worker(attempt) == Presence::gone;
}

bool is_in_sight(const AttemptRecord& attempt) {
  return presence_of_worker(attempt) != Presence::out_of_sight;
}

void release(Store& store, const AttemptRecord& attempt, const std::string& why) {
  if (store.end_attempt(attempt.run, attempt.id, RunStatus::interrupted, "lost", {})) {
    store.add_event(attempt.run, "lost", why);
  }
}

int release_lost_runs(Store& store) {
  int lost = 0;
  for (const AttemptRecord& attempt : Query(store.folder()).open_attempts()) {
    if (!is_lost(attempt)) continue;
    release(store, attempt, "its worker was gone");
    ++lost;
  }
  return lost;
}

void release_all_runs(Store& store, const std::string& why) {
  for (const AttemptRecord& attempt : Query(store.folder()).open_attempts()) {
    release(store, attempt, why);
  }
}

}  // namespace epochal::store
