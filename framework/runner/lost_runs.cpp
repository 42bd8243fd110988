// Runs whose worker died without a word.

#include "framework/runner/lost_runs.h"

#include "db/query.h"
#include "framework/hardware/host.h"
#include "framework/hardware/process.h"

namespace epochal {

bool is_lost(const AttemptRecord& attempt) {
  if (attempt.ended_at || attempt.host.name != host_name()) return false;
  return process_start_ticks(static_cast<pid_t>(attempt.pid)) != attempt.pid_start;
}

int release_lost_runs(Store& store) {
  int lost = 0;
  for (const AttemptRecord& attempt : Query(store.folder()).open_attempts()) {
    if (!is_lost(attempt)) continue;
    store.end_attempt(attempt.run, attempt.id, RunStatus::interrupted, "lost", {});
    store.add_event(attempt.run, "lost", "its worker was gone");
    ++lost;
  }
  return lost;
}

}  // namespace epochal
