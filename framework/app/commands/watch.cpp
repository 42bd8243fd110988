// `epochal watch`: the progress of runs that another command or machine does.

#include <fmt/format.h>
#include <unistd.h>

#include <map>
#include <thread>

#include "framework/app/commands/command.h"
#include "framework/app/epoch_lines.h"
#include "framework/app/live_view.h"
#include "framework/app/options.h"
#include "framework/app/run_result.h"
#include "framework/app/sample_words.h"
#include "framework/app/selection_options.h"
#include "framework/app/sweep_arguments.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/system/stop_signal.h"

namespace epochal::app {
namespace {

/// The sweep of this name or file, if one was given.
std::optional<store::SweepRecord> asked_sweep(const store::Query& query, const Options& options) {
  if (options.positional().empty()) return {};
  if (auto named = named_sweep(query, options.positional())) return named;
  return find_sweep(query, read_sweep_arguments(options.positional(), options.usage()));
}

/// Without a terminal: prints what has changed since the last call.
class ChangeLog {
 public:
  void print(const store::Query& query, const std::vector<store::RunRecord>& runs) {
    for (const store::RunRecord& run : runs) {
      epochs_.tell(query, run);
      const auto [known, is_new] = known_.try_emplace(run.id, run.status);
      if (is_new || known->second == run.status) continue;
      known->second = run.status;
      const std::string result =
          run.status == store::RunStatus::running ? std::string() : result_text(query, run);
      print_message("run {} {}, {}{}\n", run.short_identity(), name_of(run.status),
                    format_epochs(run.epochs_done, run.epochs),
                    result.empty() ? "" : ", " + printable(result));
    }
  }

 private:
  EpochLines epochs_;
  std::map<store::RunId, store::RunStatus> known_;
};

int do_watch(const Options& options) {
  const std::filesystem::path folder = options.store_folder();
  const auto sweep = asked_sweep(store::Query(folder), options);
  stop_signal::install();

  LiveView view;
  ChangeLog log;
  SampleWords words;
  const store::Query query(folder);
  EpochTimes times(query);
  TextLine summary;
  while (stop_signal::count() == 0) {
    const std::vector<store::RunRecord> runs =
        sweep ? query.runs_of_sweep(sweep->id) : query.runs();
    times.look_at(runs);
    std::vector<TextLine> lines;
    for (const store::RunRecord& run : runs) {
      if (run.status != store::RunStatus::running) continue;
      lines.push_back(progress_line(query, run, times, words.of(run.experiment)));
    }
    summary = sweep_line(query, runs, times);
    if (!view.is_terminal()) log.print(query, runs);
    if (lines.empty() || !is_busy(query)) break;
    lines.push_back(summary);
    view.draw(lines);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  view.clear();
  constexpr std::size_t kLongest = 400;
  print_message("{}\n", shown(summary, kLongest, takes_colours(STDERR_FILENO)));
  return kAllGood;
}

}  // namespace

Command watch_command() {
  Options options("watch [SWEEP | SWEEP.toml [KEY=VALUE…]]",
                  "Shows the progress of runs that another command or machine is doing: the runs\n"
                  "of one sweep, or all runs of the store. Ends when no run is running.");
  options.store();
  return {"show the progress of runs that another command does", std::move(options), do_watch};
}

}  // namespace epochal::app
