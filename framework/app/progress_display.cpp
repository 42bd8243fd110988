// The line that moves while a sweep runs.

#include "framework/app/progress_display.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "framework/runner/worker.h"
#include "reports/human_format.h"

namespace epochal {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kRedraw{250};

std::size_t terminal_width() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

std::string bar(double fraction) {
  constexpr int kWidth = 16;
  const int full = std::clamp(static_cast<int>(fraction * kWidth), 0, kWidth);
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(kWidth - full), '.') + "]";
}

}  // namespace

ProgressDisplay::ProgressDisplay(std::filesystem::path store, std::size_t runs)
    : store_(std::move(store)), runs_(runs), is_terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressDisplay::clear_line() {
  if (line_shown_) fmt::print(stderr, "\r\033[K");
  line_shown_ = false;
}

void ProgressDisplay::started(const RunRecord& run) {
  running_[run.id] = {run, Clock::now(), static_cast<double>(run.epochs_done)};
  if (is_terminal_) return;
  fmt::print(stderr, "run {} started ({}/{})\n", run.short_identity(), ended_ + running_.size(),
             runs_);
}

void ProgressDisplay::ended(const RunRecord& run) {
  clear_line();
  ++ended_;
  const auto found = running_.find(run.id);
  const Seconds took = found == running_.end() ? Seconds{0} : Clock::now() - found->second.start;
  running_.erase(run.id);
  std::string line =
      fmt::format("run {} {}, {}, {} ({}/{})", run.short_identity(), name_of(run.status),
                  format_epochs(run), format_duration(took), ended_, runs_);
  if (run.status == RunStatus::interrupted) line += reason_to_stop(run.id);
  if (!run.error.empty()) line += ": " + printable(run.error);
  fmt::print(stderr, "{}\n", line);
}

/// Why a run stopped without being asked to, as its last event has it.
std::string ProgressDisplay::reason_to_stop(RunId run) const {
  const std::vector<EventRecord> events = Query(store_).events(run);
  if (events.empty()) return {};
  const EventRecord& last = events.back();
  const bool is_reason =
      last.kind == kBudgetEvent || last.kind == kDiskFullEvent || last.kind == kKilledEvent;
  return is_reason ? ": " + printable(last.text) : "";
}

std::string ProgressDisplay::line_of(const RunProgress& progress,
                                     const AttemptRecord& attempt) const {
  const RunRecord& run = progress.run;
  double done = attempt.last_epoch.value_or(static_cast<Epoch>(progress.epochs_at_start));
  std::string rate;
  if (attempt.live && attempt.live->total > 0 && attempt.live->epoch > done) {
    done += static_cast<double>(attempt.live->done) / static_cast<double>(attempt.live->total);
  }
  const Seconds elapsed = Clock::now() - progress.start;
  const double gained = done - progress.epochs_at_start;
  std::string left;
  if (gained > 0.02) {
    const Seconds remaining = elapsed * ((run.epochs - done) / gained);
    left = fmt::format(" {} left", format_duration(remaining));
    if (attempt.live) {
      rate = fmt::format(" {}/s", format_number(gained * static_cast<double>(attempt.live->total) /
                                                elapsed.count()));
    }
  }
  return fmt::format("{} epoch {}/{} {}{}{}", run.short_identity(),
                     std::min(static_cast<int>(done) + 1, run.epochs), run.epochs,
                     bar(done / run.epochs), rate, left);
}

void ProgressDisplay::waiting(const std::vector<RunId>& running) {
  if (!is_terminal_ || running.empty() || Clock::now() - drawn_ < kRedraw) return;
  drawn_ = Clock::now();
  const Query query(store_);
  std::string line = fmt::format("{}/{} runs", ended_, runs_);
  for (const RunId id : running) {
    const std::vector<AttemptRecord> attempts = query.attempts(id);
    const auto found = running_.find(id);
    if (attempts.empty() || found == running_.end()) continue;
    line += " | " + line_of(found->second, attempts.back());
  }
  line.resize(std::min(line.size(), terminal_width() - 1));
  fmt::print(stderr, "\r\033[K{}", line);
  std::fflush(stderr);
  line_shown_ = true;
}

}  // namespace epochal
