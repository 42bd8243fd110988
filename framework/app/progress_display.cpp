// A sweep's progress, read from the store.

#include "framework/app/progress_display.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "framework/app/run_result.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/base/text_lines.h"
#include "framework/command/command_experiment.h"
#include "framework/runner/worker.h"

namespace epochal::app {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

ProgressDisplay::ProgressDisplay(const std::filesystem::path& store, std::vector<store::RunId> runs,
                                 std::size_t all)
    : query_(store), runs_(std::move(runs)), all_(std::max(all, runs_.size())) {}

void ProgressDisplay::started(const store::RunRecord& run) {
  if (std::find(runs_.begin(), runs_.end(), run.id) == runs_.end()) runs_.push_back(run.id);
  running_[run.id] = {Clock::now(), run.epochs};
  ++started_;
  if (view_.is_terminal()) return;
  lines_.begin(run);
  print_message("run {} started ({}/{})\n", run.short_identity(), started_, all_);
}

store::RunRecord ProgressDisplay::as_started(store::RunRecord run) const {
  const auto start = running_.find(run.id);
  return start == running_.end() ? run : as_asked(std::move(run), start->second.epochs);
}

void ProgressDisplay::ended(const store::RunRecord& record) {
  const store::RunRecord run = as_started(record);
  view_.clear();
  if (!view_.is_terminal()) lines_.tell(query_, run);
  ++ended_;
  const auto found = running_.find(run.id);
  const Seconds took = found == running_.end() ? Seconds{0} : Clock::now() - found->second.at;
  running_.erase(run.id);
  std::string rest =
      fmt::format(", {}, {}", format_epochs(run.epochs_done, run.epochs), format_duration(took));
  if (const std::string result = result_text(query_, run); !result.empty()) rest += ", " + result;
  rest += fmt::format(" ({}/{})", ended_, all_);
  if (run.status != store::RunStatus::finished) rest += reason_to_stop(run.id);
  if (!run.error.empty()) rest += ": " + printable(first_line(run.error));
  const TextLine line{{"run " + run.short_identity() + " "},
                      {std::string(name_of(run.status)), colour_of(run.status)},
                      {rest}};
  constexpr std::size_t kLongest = 2000;
  print_message("{}\n{}{}", shown(line, kLongest, takes_colours(STDERR_FILENO)),
                failure_details(query_, run, "    "), not_taken(run.id));
}

void ProgressDisplay::elsewhere(const store::RunRecord& run, const store::AttemptRecord& attempt) {
  view_.clear();
  print_message("run {} is in progress in process {} on {}: waiting for it\n", run.short_identity(),
                attempt.process.pid, printable(attempt.host.name));
}

void ProgressDisplay::removed(store::RunId run) {
  view_.clear();
  ++ended_;
  running_.erase(run);
  print_message("a run was removed before it was done ({}/{})\n", ended_, all_);
}

/// Why a run stopped by itself or is tried again, from its last event.
std::string ProgressDisplay::reason_to_stop(store::RunId run) const {
  const std::vector<store::EventRecord> events = query_.events(run);
  if (events.empty()) return {};
  for (const char* reason : {kBudgetEvent, kDiskFullEvent, kKilledEvent, kRuleEvent}) {
    if (events.back().kind == reason) return ": " + printable(events.back().text);
  }
  return {};
}

/// The last attempt's events about lines and metrics that were not recorded, a line each.
std::string ProgressDisplay::not_taken(store::RunId run) const {
  const std::vector<store::AttemptRecord> attempts = query_.attempts(run);
  std::string lines;
  for (const store::EventRecord& event : query_.events(run)) {
    const bool is_of_attempt = !attempts.empty() && event.at >= attempts.back().started_at;
    const bool is_loss = event.kind == kLinesEvent || event.kind == kMetricsEvent;
    if (is_of_attempt && is_loss) lines += fmt::format("    {}\n", printable(event.text));
  }
  return lines;
}

void ProgressDisplay::waiting(const std::vector<store::RunId>& running) {
  if (running.empty()) return;
  if (view_.is_terminal()) {
    draw(running);
  } else {
    tell_epochs(running);
  }
}

void ProgressDisplay::draw(const std::vector<store::RunId>& running) {
  if (!view_.is_due()) return;
  const std::vector<store::RunRecord> runs = query_.runs_by_id(runs_);
  if (!times_) times_.emplace(query_);
  times_->look_at(runs);
  std::vector<TextLine> lines;
  for (const store::RunRecord& run : query_.runs_by_id(running)) {
    lines.push_back(progress_line(query_, as_started(run), *times_, words_.of(run.experiment)));
  }
  lines.push_back(sweep_line(query_, runs, *times_, all_ - std::min(all_, runs.size())));
  view_.draw(lines);
}

void ProgressDisplay::tell_epochs(const std::vector<store::RunId>& running) {
  constexpr std::chrono::milliseconds kLook{250};
  if (Clock::now() - told_ < kLook) return;
  told_ = Clock::now();
  for (const store::RunRecord& run : query_.bare_runs_by_id(running))
    lines_.tell(query_, as_started(run));
}

}  // namespace epochal::app
