// A sweep's progress, from what its workers put into the store.

#include "framework/app/progress_display.h"

#include <fmt/format.h>

#include <cstdio>

#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/runner/worker.h"

namespace epochal {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

ProgressDisplay::ProgressDisplay(const std::filesystem::path& store, std::vector<RunId> runs)
    : query_(store), runs_(std::move(runs)) {
  done_before_ = epochs_done(query_.runs_by_id(runs_));
}

Epoch ProgressDisplay::epochs_done(const std::vector<RunRecord>& runs) const {
  Epoch done = 0;
  for (const RunRecord& run : runs) done += run.epochs_done;
  return done;
}

void ProgressDisplay::started(const RunRecord& run) {
  running_[run.id] = Clock::now();
  ++started_;
  if (view_.is_terminal()) return;
  print_message("run {} started ({}/{})\n", run.short_identity(), started_, runs_.size());
}

void ProgressDisplay::ended(const RunRecord& run) {
  view_.clear();
  ++ended_;
  const auto found = running_.find(run.id);
  const Seconds took = found == running_.end() ? Seconds{0} : Clock::now() - found->second;
  running_.erase(run.id);
  std::string line = fmt::format("run {} {}, {}, {} ({}/{})", run.short_identity(),
                                 name_of(run.status), format_epochs(run.epochs_done, run.epochs),
                                 format_duration(took), ended_, runs_.size());
  if (run.status != RunStatus::finished) line += reason_to_stop(run.id);
  if (!run.error.empty()) line += ": " + printable(run.error);
  print_message("{}\n", line);
}

void ProgressDisplay::elsewhere(const RunRecord& run, const AttemptRecord& attempt) {
  view_.clear();
  print_message("run {} is being done by process {} on {}: waiting for it\n", run.short_identity(),
                attempt.process.pid, printable(attempt.host.name));
}

void ProgressDisplay::removed(RunId run) {
  view_.clear();
  ++ended_;
  running_.erase(run);
  print_message("a run was removed and is not done ({}/{})\n", ended_, runs_.size());
}

/// Why a run stopped without being asked to, or is tried again, as its last event has it.
std::string ProgressDisplay::reason_to_stop(RunId run) const {
  const std::vector<EventRecord> events = query_.events(run);
  if (events.empty()) return {};
  for (const char* reason : {kBudgetEvent, kDiskFullEvent, kKilledEvent, kRuleEvent}) {
    if (events.back().kind == reason) return ": " + printable(events.back().text);
  }
  return {};
}

void ProgressDisplay::waiting(const std::vector<RunId>& running) {
  if (running.empty() || !view_.is_due()) return;
  std::vector<std::string> lines;
  for (const RunRecord& run : query_.runs_by_id(running)) {
    lines.push_back(progress_line(query_, run));
  }
  const std::vector<RunRecord> runs = query_.runs_by_id(runs_);
  lines.push_back(sweep_line(runs, epochs_done(runs) - done_before_, Clock::now() - start_));
  view_.draw(lines);
}

}  // namespace epochal
