// From the words of the command line to a sweep and its runs.

#include "framework/app/sweep_arguments.h"

#include <fmt/format.h>

#include "framework/base/error.h"
#include "framework/base/message.h"
#include "framework/command/command_experiment.h"
#include "framework/system/whole_path.h"

namespace epochal {
namespace fs = std::filesystem;

SweepArguments read_sweep_arguments(const std::vector<std::string>& positional,
                                    const std::string& usage) {
  if (positional.empty()) throw Error("no sweep file was named", {}, "usage: epochal " + usage);
  SweepArguments arguments;
  arguments.file = positional.front();
  arguments.sweep = load_sweep(arguments.file);
  apply_overrides(arguments.sweep, {positional.begin() + 1, positional.end()});
  return arguments;
}

std::vector<RunSpec> runs_of(const SweepArguments& arguments, PluginRegistry& registry) {
  const Sweep& sweep = arguments.sweep;
  if (sweep.command) registry.add(command_experiment(*sweep.command), build_of(*sweep.command));
  if (!registry.contains(sweep.experiment)) {
    try {
      registry.experiment(sweep.experiment);
    } catch (const Error& error) {
      throw Error(error.fault(), sweep.experiment_where, error.hint());
    }
  }
  const ExperimentInfo& info = registry.experiment(sweep.experiment);
  std::vector<RunSpec> runs = expand(sweep, info);
  identify(runs, info);
  return runs;
}

SweepRecord find_sweep(const Query& query, const SweepArguments& arguments) {
  const std::string& name = arguments.sweep.name;
  if (auto found = query.sweep(name, content_hash(arguments.sweep))) return *found;
  const auto latest =
      arguments.sweep.overrides.empty() ? query.sweep(name, "") : std::optional<SweepRecord>();
  if (!latest) {
    throw Error(fmt::format("the sweep '{}' was not run like this in this store", name),
                query.folder(), "run it first, or give the overrides that it was run with");
  }
  print_message("the file was not run as it stands; this is '{}' as it was run last{}\n", name,
                latest->overrides.empty()
                    ? std::string()
                    : fmt::format(" (with {})", fmt::join(latest->overrides, " ")));
  return *latest;
}

SweepRecord record_of(const SweepArguments& arguments) {
  SweepRecord record;
  record.name = arguments.sweep.name;
  record.content_hash = content_hash(arguments.sweep);
  record.file = whole_path(arguments.file).string();
  record.text = arguments.sweep.text;
  record.overrides = arguments.sweep.overrides;
  record.compare_by = arguments.sweep.compare_by;
  return record;
}

}  // namespace epochal
