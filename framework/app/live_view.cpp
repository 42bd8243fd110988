// The lines that change on the terminal while runs go on.

#include "framework/app/live_view.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "framework/app/run_result.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/whole_number.h"
#include "reports/report_data.h"

namespace epochal::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kRedraw{250};

winsize terminal_size() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  if (!known) {
    size.ws_col = 80;
    size.ws_row = 24;
  }
  return size;
}

std::string bar(double fraction) {
  constexpr int kWidth = 10;
  const auto full =
      static_cast<int>(nearest_whole(std::trunc(std::clamp(fraction, 0.0, 1.0) * kWidth)));
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(kWidth - full), '.') + "]";
}

std::string newest_value(const store::Query& query, const store::RunRecord& run) {
  const std::string name =
      report::main_metric(query.metric_names({run.id}), {run}, query.declarations());
  if (name.empty()) return {};
  return fmt::format("{} {}", name,
                     format_number(query.metric_summaries({run.id})[run.id][name].last));
}

/// The share of its current epoch that a run has done, from 0 to 1.
double share_of_epoch(const store::RunRecord& run, const store::AttemptRecord& attempt) {
  if (!attempt.live || attempt.live->total <= 0 || attempt.live->epoch <= run.epochs_done) return 0;
  return static_cast<double>(attempt.live->done) / static_cast<double>(attempt.live->total);
}

/// The time that a running run still needs; none if the time of its epochs is unknown.
std::optional<Seconds> left_of(const store::Query& query, const store::RunRecord& run,
                               const store::AttemptRecord& attempt, const EpochTimes& times) {
  Timestamp began = attempt.started_at;
  const std::vector<store::EpochRecord> last = query.bare_epochs(run.id, run.epochs_done - 1);
  if (!last.empty()) began = std::max(began, last.back().started_at + last.back().seconds.count());
  const Seconds in_epoch(now() - began);
  std::optional<Seconds> epoch = times.of(run);
  const double share = share_of_epoch(run, attempt);
  // The share is from the time of the worker's last message.
  if (!epoch && share >= 0.02) epoch = Seconds(attempt.heartbeat_at - began) / share;
  if (!epoch) return std::nullopt;
  return time_left(run.epochs - run.epochs_done, *epoch, in_epoch);
}

/// The time that all unfinished runs and `more` that will come need, with `at_once` of them at a
/// time.
std::optional<Seconds> left_of_all(const store::Query& query,
                                   const std::vector<store::RunRecord>& runs,
                                   const EpochTimes& times, int at_once, std::size_t more) {
  Seconds all{0};
  Seconds longest{0};
  Epoch known = 0;
  Epoch unknown = 0;
  for (const store::RunRecord& run : runs) {
    const Epoch to_do = std::max(0, run.epochs - run.epochs_done);
    const bool goes_on =
        run.status != store::RunStatus::failed && run.status != store::RunStatus::stopped;
    if (!goes_on || to_do == 0) continue;
    std::optional<Seconds> left;
    if (run.status == store::RunStatus::running) {
      const std::vector<store::AttemptRecord> attempts = query.attempts(run.id);
      if (!attempts.empty()) left = left_of(query, run, attempts.back(), times);
    } else if (const auto epoch = times.of(run)) {
      left = *epoch * to_do;
    }
    (left ? known : unknown) += to_do;
    all += left.value_or(Seconds{0});
    longest = std::max(longest, left.value_or(Seconds{0}));
  }
  if (known == 0) return std::nullopt;
  unknown += static_cast<Epoch>(more) * runs.front().epochs;
  all *= 1.0 * (known + unknown) / known;
  return std::max(longest, all / std::max(1, at_once));
}

}  // namespace

LiveView::LiveView()
    : is_terminal_(isatty(STDERR_FILENO) == 1), has_colours_(takes_colours(STDERR_FILENO)) {}

bool LiveView::is_due() const {
  return is_terminal_ && Clock::now() - drawn_ >= kRedraw;
}

void LiveView::clear() {
  for (; shown_ > 0; --shown_) print_message("\033[A\033[2K");
  std::fflush(stderr);
}

void LiveView::draw(const std::vector<TextLine>& lines) {
  if (!is_terminal_) return;
  clear();
  const winsize size = terminal_size();
  const auto most = static_cast<std::size_t>(std::max(2, size.ws_row - 1));
  for (std::size_t i = 0; i < std::min(lines.size(), most); ++i) {
    // A line that wraps would not be erased completely.
    print_message("{}\n", shown(lines[i], size.ws_col - 1u, has_colours_));
    ++shown_;
  }
  std::fflush(stderr);
  drawn_ = Clock::now();
}

TextLine progress_line(const store::Query& query, const store::RunRecord& run,
                       const EpochTimes& times, const std::string& sample_word) {
  const TextPiece name{run.short_identity(), colour_of(store::RunStatus::running)};
  const std::vector<store::AttemptRecord> attempts = query.attempts(run.id);
  if (attempts.empty()) return {name, {" waiting for its worker"}};

  const store::AttemptRecord& attempt = attempts.back();
  const double in_epoch = share_of_epoch(run, attempt);
  std::vector<std::string> parts;
  if (const auto left = left_of(query, run, attempt, times)) {
    parts.push_back(fmt::format("{} left", format_duration(*left)));
  }
  if (std::string value = newest_value(query, run); !value.empty()) {
    parts.push_back(std::move(value));
  }
  const double at_start = attempt.first_epoch ? *attempt.first_epoch - 1 : run.epochs_done;
  const double gained = run.epochs_done + in_epoch - at_start;
  if (attempt.live && gained >= 0.02) {
    const double samples = gained * static_cast<double>(attempt.live->total);
    std::string rate = rate_text(samples, Seconds(now() - attempt.started_at), sample_word);
    if (!rate.empty()) parts.push_back(std::move(rate));
  }
  const std::string line =
      fmt::format(" epoch {}/{} {} {}", std::min(run.epochs_done + 1, run.epochs), run.epochs,
                  bar((run.epochs_done + in_epoch) / run.epochs), fmt::join(parts, ", "));
  return {name, {line}};
}

TextLine sweep_line(const store::Query& query, const std::vector<store::RunRecord>& runs,
                    const EpochTimes& times, std::size_t more) {
  std::map<store::RunStatus, int> counts;
  for (const store::RunRecord& run : runs) ++counts[run.status];
  TextLine line{
      {fmt::format("{} of {} runs done", counts[store::RunStatus::finished], runs.size() + more)}};
  for (const store::RunStatus status :
       {store::RunStatus::running, store::RunStatus::stopped, store::RunStatus::failed}) {
    if (counts[status] == 0) continue;
    line.push_back({", "});
    line.push_back({fmt::format("{} {}", counts[status], name_of(status)), colour_of(status)});
  }
  const auto left = left_of_all(query, runs, times, counts[store::RunStatus::running], more);
  if (left) line.push_back({fmt::format(", {} left", format_duration(*left))});
  return line;
}

}  // namespace epochal::app
