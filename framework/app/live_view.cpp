// What moves on the terminal while runs are going on.

#include "framework/app/live_view.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/base/whole_number.h"
#include "reports/report_data.h"

namespace epochal {
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
  constexpr int kWidth = 16;
  const auto full =
      static_cast<int>(nearest_whole(std::trunc(std::clamp(fraction, 0.0, 1.0) * kWidth)));
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(kWidth - full), '.') + "]";
}

std::string newest_value(const Query& query, const RunRecord& run) {
  const std::string name = main_metric(query.metric_names({run.id}), {run}, query.declarations());
  if (name.empty()) return {};
  return fmt::format(" {} {},", name,
                     format_number(query.metric_summaries({run.id})[run.id][name].last));
}

}  // namespace

LiveView::LiveView() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

bool LiveView::is_due() const {
  return is_terminal_ && Clock::now() - drawn_ >= kRedraw;
}

void LiveView::clear() {
  for (; shown_ > 0; --shown_) print_message("\033[A\033[2K");
  std::fflush(stderr);
}

void LiveView::draw(const std::vector<std::string>& lines) {
  if (!is_terminal_) return;
  clear();
  const winsize size = terminal_size();
  const std::size_t most = std::max(2, size.ws_row - 1);
  for (std::size_t i = 0; i < std::min(lines.size(), most); ++i) {
    // A line that wraps would not be erased whole.
    print_message("{}\n", printable(lines[i], size.ws_col - 1u));
    ++shown_;
  }
  std::fflush(stderr);
  drawn_ = Clock::now();
}

std::string progress_line(const Query& query, const RunRecord& run) {
  const std::vector<AttemptRecord> attempts = query.attempts(run.id);
  double done = run.epochs_done;
  std::string line = run.short_identity();
  if (attempts.empty()) return line + " waiting for its worker";

  const AttemptRecord& attempt = attempts.back();
  if (attempt.live && attempt.live->total > 0 && attempt.live->epoch > run.epochs_done) {
    done += static_cast<double>(attempt.live->done) / static_cast<double>(attempt.live->total);
  }
  line += fmt::format(" epoch {}/{} {}", std::min(run.epochs_done + 1, run.epochs), run.epochs,
                      bar(done / run.epochs));
  line += newest_value(query, run);

  const double at_start = attempt.first_epoch ? *attempt.first_epoch - 1 : run.epochs_done;
  const double gained = done - at_start;
  const Seconds elapsed(now() - attempt.started_at);
  if (gained < 0.02 || elapsed.count() <= 0) return line;
  if (attempt.live) {
    line += fmt::format(" {}/s,", format_number(gained * static_cast<double>(attempt.live->total) /
                                                elapsed.count()));
  }
  return line + fmt::format(" {} left", format_duration(elapsed * ((run.epochs - done) / gained)));
}

std::string sweep_line(const std::vector<RunRecord>& runs, Epoch done_since, Seconds elapsed) {
  std::map<RunStatus, int> counts;
  Epoch to_do = 0;
  for (const RunRecord& run : runs) {
    ++counts[run.status];
    const bool goes_on = run.status != RunStatus::failed && run.status != RunStatus::stopped;
    if (goes_on) to_do += std::max(0, run.epochs - run.epochs_done);
  }
  std::string line = fmt::format("{} of {} runs done", counts[RunStatus::finished], runs.size());
  for (const RunStatus status : {RunStatus::running, RunStatus::stopped, RunStatus::failed}) {
    if (counts[status] > 0) line += fmt::format(", {} {}", counts[status], name_of(status));
  }
  if (done_since > 0 && to_do > 0) {
    line += fmt::format(", {} left", format_duration(elapsed * (1.0 * to_do / done_since)));
  }
  return line;
}

}  // namespace epochal
