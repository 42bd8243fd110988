// `epochal watch`: the progress of runs that another command, or another machine, is doing.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>

#include "db/maintenance/lost_runs.h"
#include "framework/app/commands/command.h"
#include "framework/app/live_view.h"
#include "framework/app/options.h"
#include "framework/app/sweep_arguments.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/system/stop_signal.h"

namespace epochal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr char kUsage[] = "watch [SWEEP | SWEEP.toml [KEY=VALUE…]]";

/// The sweep of this name or of this file; none where neither was given.
std::optional<SweepRecord> asked_sweep(const Query& query,
                                       const std::vector<std::string>& positional) {
  if (positional.empty()) return {};
  if (positional.size() > 1 || positional.front().ends_with(".toml")) {
    return find_sweep(query, read_sweep_arguments(positional, kUsage));
  }
  const std::string& name = positional.front();
  auto found = query.sweep(name, {});
  if (!found) {
    throw Error(fmt::format("the store has no sweep '{}'", name.substr(0, 80)), {},
                "see `epochal ls`, or leave the name out to watch all runs");
  }
  return found;
}

/// Says on plain output what has changed since the last look.
class ChangeLog {
 public:
  void print(const std::vector<RunRecord>& runs) {
    for (const RunRecord& run : runs) {
      const std::string state =
          fmt::format("{}, {}", name_of(run.status), format_epochs(run.epochs_done, run.epochs));
      std::string& known = known_[run.id];
      if (!known.empty() && known != state) {
        print_message("run {} {}\n", run.short_identity(), state);
      }
      known = state;
    }
  }

 private:
  std::map<RunId, std::string> known_;
};

int do_watch(const Options& options) {
  const std::filesystem::path folder = options.store_folder();
  const auto sweep = asked_sweep(Query(folder), options.positional());
  stop_signal::install();

  LiveView view;
  ChangeLog log;
  std::optional<Epoch> done_before;
  const Clock::time_point start = Clock::now();
  std::string summary;
  while (stop_signal::count() == 0) {
    const Query query(folder);
    const std::vector<RunRecord> runs = sweep ? query.runs_of_sweep(sweep->id) : query.runs();
    std::vector<std::string> lines;
    Epoch done = 0;
    for (const RunRecord& run : runs) {
      done += run.epochs_done;
      if (run.status == RunStatus::running) lines.push_back(progress_line(query, run));
    }
    if (!done_before) done_before = done;
    summary = sweep_line(runs, done - *done_before, Clock::now() - start);
    const auto attempts = query.open_attempts();
    const bool is_anyone_there = std::any_of(attempts.begin(), attempts.end(),
                                             [](const auto& attempt) { return !is_lost(attempt); });
    if (lines.empty() || !is_anyone_there) break;
    lines.push_back(summary);
    view.draw(lines);
    if (!view.is_terminal()) log.print(runs);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  view.clear();
  print_message("{}\n", summary);
  return kAllGood;
}

}  // namespace

Command watch_command() {
  Options options(kUsage,
                  "Shows the progress of a sweep, by its name or its file, or of all runs of a\n"
                  "store, while others run them; ends when none is running any more.");
  options.store();
  return {"the progress of a sweep that runs elsewhere", std::move(options), do_watch};
}

}  // namespace epochal
