// `epochal reproduce RUN`: does a run again and compares the two.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "db/maintenance/lost_runs.h"
#include "db/query.h"
#include "db/scratch_folder.h"
#include "framework/app/code_version.h"
#include "framework/app/commands/command.h"
#include "framework/app/lengthened_runs.h"
#include "framework/app/options.h"
#include "framework/app/progress_display.h"
#include "framework/app/sweep_arguments.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/base/shell_words.h"
#include "framework/base/text_lines.h"
#include "framework/command/program_words.h"
#include "framework/executor/dispatch.h"
#include "framework/executor/local_executor.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/runner/known_experiment.h"
#include "framework/runner/provenance.h"
#include "framework/runner/run_comparison.h"
#include "framework/sweep/expansion.h"
#include "framework/sweep/run_length.h"
#include "framework/system/memory.h"
#include "framework/system/stop_signal.h"

namespace epochal::app {
namespace fs = std::filesystem;
namespace {

/// A run with everything that is compared.
struct Recorded {
  store::RunRecord run;
  std::vector<store::EpochRecord> epochs;
  std::vector<store::AttemptRecord> attempts;
  std::vector<store::ArtifactRecord> artifacts;
};

Recorded recorded(const store::Query& query, const store::RunRecord& run) {
  return {run, query.epochs(run.id), query.attempts(run.id), query.artifacts(run.id)};
}

/// The words of a command as a user would type them, without terminal escapes.
std::string shown_words(const std::vector<std::string>& words) {
  constexpr std::size_t kMostShown = 1 << 20;  // everything: the end matters too
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_quoted(word);
  return printable(line, kMostShown);
}

/// The record names the program, and the store may come from a stranger. So the program is shown,
/// and starts only if the user asks for it.
void refuse_unless_asked(const store::RunRecord& run, const std::string& declaration,
                         const ExperimentInfo& info, bool is_asked) {
  const CommandDeclaration command = command_from_json(declaration);
  RunContext context;
  context.parameters = checked_parameters(info.schema, run);
  context.seed = run.seed;
  context.epochs = run.epochs_done;
  context.folder = "{run_folder}";
  print_message("the run's program: {}\nin the folder: {}\n",
                shown_words(program_words(command, context)),
                printable(command.folder.string(), command.folder.string().size() * 4));
  if (is_asked) return;
  throw Error("the run's record names a program, and this command would start it",
              "run " + run.short_identity(), "add --run-program if you trust the store");
}

/// The experiment of a run. Throws Error for a program that the user did not ask to start.
const ExperimentInfo& experiment_for(const store::RunRecord& run, const std::string& declaration,
                                     PluginRegistry& registry, bool is_asked) {
  if (!is_command(run.experiment)) return registry.experiment(run.experiment);
  const CommandDeclaration program = recorded_command(run, declaration);
  if (program.run.empty()) {
    throw Error("a run of `epochal ask` cannot be reproduced: epochal does not start its program",
                "run " + run.short_identity(), "start its program with the same values");
  }
  if (program.is_tracked) {
    throw Error(
        "a run of `epochal track` cannot be reproduced: its program chooses its seed and length, "
        "and the store does not record them",
        "run " + run.short_identity(), "start its program again with `epochal track`");
  }
  const ExperimentInfo& info = add_command(registry, declaration);
  refuse_unless_asked(run, declaration, info, is_asked);
  return info;
}

/// The run's inputs must not have changed since the run.
RunSpec checked_spec(const Recorded& original, const ExperimentInfo& info) {
  RunSpec spec;
  spec.experiment = info.name;
  spec.experiment_version = info.version;
  spec.parameters = checked_parameters(info.schema, original.run);
  spec.seed = original.run.seed;
  spec.epochs = original.run.epochs_done;
  spec.length = recorded_length(info.schema, original.run.parameters);
  std::vector<RunSpec> specs{spec};
  identify(specs, {&info});
  if (specs.front().identity == original.run.identity) return specs.front();

  const InputFingerprints& then = original.run.inputs;
  const InputFingerprints& now_found = specs.front().inputs;
  std::string what = "the declaration of its parameters has changed";
  if (info.version != original.run.experiment_version) {
    what = fmt::format("it was made by version {} of '{}', and the plugin is version {}",
                       original.run.experiment_version, info.name, info.version);
  } else if (then.data != now_found.data) {
    what = "its data have changed: " + then.data + ", now " + now_found.data;
  } else if (then.weights != now_found.weights) {
    what = "its weights have changed: " + then.weights + ", now " + now_found.weights;
  }
  throw Error("the run cannot be reproduced: " + what, "run " + original.run.short_identity(),
              "restore what it was made with");
}

/// Whether this version of the program started a reproduction there and did not finish it.
bool is_unfinished(const fs::path& folder, Epoch epochs) {
  if (!fs::exists(folder / "epochal.db")) return false;
  const std::vector<store::RunRecord> runs = store::Query(folder).runs();
  return !runs.empty() && runs.front().code_version == kCodeVersion &&
         runs.front().epochs_done < epochs;
}

/// STORE/reproductions/RUN/N, where N is an interrupted reproduction or the next number.
fs::path reproduction_folder(const fs::path& store, const store::RunRecord& run) {
  const fs::path all = store / "reproductions" / run.short_identity();
  for (int number = 1;; ++number) {
    fs::path folder = all / std::to_string(number);
    if (!fs::exists(folder) || is_unfinished(folder, run.epochs_done)) return folder;
  }
}

/// Does the run in the store of reproductions, or resumes it. Returns its record.
Recorded run_again(const fs::path& folder, const RunSpec& spec, const ExperimentInfo& info,
                   const std::string& command, const std::map<std::string, std::string>& choices,
                   int threads) {
  store::Store store(folder);
  store::release_lost_runs(store);
  store.declare(declaration_of(info));
  store::SweepRecord sweep;
  sweep.name = "reproduction";
  sweep.content_hash = spec.identity;
  const std::vector<store::RunId> ids = store.record_sweep(sweep, records_of({spec}, command));
  for (const auto& [parameter, value] : choices) {
    store.record_choice(ids.front(), parameter, value);
  }
  store.retry_failed(ids);
  WorkOptions work;
  work.threads = threads;
  work.memory = available_memory().value_or(0);
  const store::ScratchFolder scratch(folder);
  work.provenance = ProvenanceFile::write(scratch.path(), fs::current_path());
  if (!command.empty()) work.command = write_command(scratch.path(), command);
  const auto executor = make_local_executor(store, {1, {}, work});
  ProgressDisplay display(folder, ids);
  ListedRuns runs(ids);
  dispatch(*executor, store, runs, stop_signal::count, {}, display);
  const store::Query query(folder);
  return recorded(query, query.run(ids.front()));
}

std::string distance_text(const EpochComparison& epoch) {
  return fmt::format("{} is {}, was {}: {} apart", epoch.furthest_metric,
                     format_number(epoch.again), format_number(epoch.original),
                     format_number(epoch.relative_distance));
}

/// "epochs 1 to 20: bit-identical"; epochs that differ have a line each.
void print_folded_epochs(const std::vector<EpochComparison>& epochs) {
  for (auto epoch = epochs.begin(); epoch != epochs.end();) {
    if (!epoch->is_equal) {
      std::cout << fmt::format("epoch {}: {}\n", epoch->number, printable(distance_text(*epoch)));
      ++epoch;
      continue;
    }
    const auto end = std::find_if(epoch, epochs.end(),
                                  [](const EpochComparison& other) { return !other.is_equal; });
    const Epoch first = epoch->number;
    const Epoch last = std::prev(end)->number;
    std::cout << (first == last ? fmt::format("epoch {}", first)
                                : fmt::format("epochs {} to {}", first, last))
              << ": bit-identical\n";
    epoch = end;
  }
}

/// Prints the comparison and returns its one-line summary.
std::string print_comparison(const Recorded& original, const Recorded& again, bool& is_equal) {
  const std::vector<EpochComparison> epochs = compare_epochs(original.epochs, again.epochs);
  std::size_t equal = 0;
  double furthest = 0;
  for (const EpochComparison& epoch : epochs) {
    equal += epoch.is_equal ? 1 : 0;
    furthest = std::max(furthest, epoch.relative_distance);
  }
  print_folded_epochs(epochs);
  for (const EpochComparison& epoch : epochs) {
    if (epoch.measured_once.empty()) continue;
    std::cout << fmt::format("epoch {}: only one of the runs measured {}\n", epoch.number,
                             printable(fmt::format("{}", fmt::join(epoch.measured_once, ", "))));
  }
  const CheckpointComparison checkpoint = compare_checkpoints(original.artifacts, again.artifacts);
  for (const std::string& name : checkpoint.different) {
    std::cout << fmt::format("checkpoint of epoch {}: {} differs\n", *checkpoint.epoch,
                             printable(name));
  }
  if (checkpoint.epoch && checkpoint.different.empty()) {
    std::cout << fmt::format("checkpoint of epoch {}: {} files, bit-identical\n", *checkpoint.epoch,
                             checkpoint.equal.size());
  }
  for (const std::string& difference : environment_differences(
           original.run, original.attempts.back(), again.run, again.attempts.back())) {
    std::cout << "differs: " << printable(difference) << '\n';
  }
  is_equal = equal == epochs.size() && checkpoint.different.empty();
  if (is_equal) return fmt::format("all {} epochs are bit-identical", epochs.size());
  return fmt::format("{} of {} epochs are bit-identical, the others up to {} apart", equal,
                     epochs.size(), format_number(furthest));
}

int do_reproduce(const Options& options) {
  const fs::path folder = options.store_folder();
  const std::string& prefix = options.only_positional("RUN");
  const store::Query query(folder);
  const Recorded original = recorded(query, query.run_named(prefix));
  if (original.epochs.empty() || original.attempts.empty()) {
    throw Error("the run has no epoch yet", "run " + original.run.short_identity(),
                "run its sweep first");
  }
  PluginRegistry registry = PluginRegistry::from_environment();
  const std::string command = query.command(original.run.id);
  const ExperimentInfo& info =
      experiment_for(original.run, command, registry, options.has("run-program"));
  const RunSpec spec = checked_spec(original, info);

  stop_signal::install();
  const Recorded again =
      run_again(reproduction_folder(folder, original.run), spec, info, command,
                query.choices(original.run.id), original.attempts.back().threads);
  if (again.run.status == store::RunStatus::failed) {
    throw Error("the reproduction failed: " + std::string(first_line(again.run.error)),
                "run " + original.run.short_identity());
  }
  if (again.epochs.size() < original.epochs.size()) {
    print_message("stopped early: run the same command again to continue\n");
    return kWorkLeft;
  }
  bool is_equal = false;
  const std::string summary = print_comparison(original, again, is_equal);
  std::cout << summary << '\n';
  if (keeps_no_state(query, original.run.id)) {
    std::cout << "the program keeps no state: there are no checkpoints to compare\n";
  }
  store::Store(folder).add_event(original.run.id, "reproduced", summary);
  return is_equal ? kAllGood : kSomeRunsFailed;
}

}  // namespace

Command reproduce_command() {
  Options options(
      "reproduce RUN",
      "Repeats a run in STORE/reproductions, with the same seed and number of threads,\n"
      "and says for each epoch whether it is bit-identical. Exit code 0 if all are,\n"
      "1 if not.");
  options.store().flag("run-program",
                       "start the program that the run's record names; without this option "
                       "`reproduce` only shows it");
  return {"repeat a run and compare every epoch bit by bit", std::move(options), do_reproduce};
}

}  // namespace epochal::app
