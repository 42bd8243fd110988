// `epochal measure`: what one run of a sweep costs, measured in this process. What `epochal
// forecast` starts; not for users.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/app/commands/command.h"
#include "framework/app/options.h"
#include "framework/app/sweep_arguments.h"
#include "framework/base/disk_full.h"
#include "framework/base/message.h"
#include "framework/base/parsed_number.h"
#include "framework/runner/run_costs.h"
#include "framework/system/process.h"

namespace epochal::app {
namespace {

RunSpec run_of(const SweepArguments& sweep, PluginRegistry& registry, const std::string& identity) {
  for (RunSpec& run : runs_of(sweep.sweep, experiments_of(sweep.sweep, registry))) {
    if (run.identity == identity) return std::move(run);
  }
  throw Error("the sweep has no such run", sweep.file,
              "the file has changed: run `epochal forecast` again");
}

}  // namespace

int command_measure(const Arguments& arguments) {
  Options options("measure SWEEP.toml [KEY=VALUE…]",
                  "Measures one run. Started by `epochal forecast`.");
  options.value("identity", "IDENTITY", "which run")
      .value("epochs", "N", "epochs to forecast")
      .value("threads", "N", "CPU threads to use")
      .value("memory", "BYTES", "memory of the host that it may use")
      .value("output", "FILE", "where to write the costs, as JSON")
      .value("scratch", "DIR", "folder for a temporary checkpoint");
  if (!options.parse(arguments)) return kAllGood;

  const SweepArguments sweep = read_sweep_arguments(options.positional(), options.usage());
  PluginRegistry registry = PluginRegistry::from_environment();
  // What a worker does before it takes up its run, this process has done by now.
  const Seconds start_up = age_of_this_process().value_or(Seconds{0});
  const RunSpec run = run_of(sweep, registry, options.text("identity"));
  const ExperimentInfo& info = registry.experiment(run.experiment);

  RunContext context;
  context.parameters = run.parameters;
  context.seed = run.seed;
  context.folder = std::filesystem::absolute(options.text("scratch")) / "files";
  context.epochs = options.integer("epochs", run.epochs, 1, 1'000'000'000);
  context.threads = options.integer("threads", 1, 1, 4096);
  context.memory = parsed_number<Bytes>(options.text("memory", "0")).value_or(0);
  add_memory_measures(context);
  context.output = [](std::string_view text) { print_message("{}\n", text); };
  context.log = [](std::string_view text) { print_message("{}\n", text); };
  const RunCosts costs = measure_run_costs(info, context, options.text("scratch"));

  nlohmann::json result{{"seconds", (start_up + costs.of(context.epochs)).count()},
                        {"later_epoch", costs.later_epoch.count()},
                        {"peak_bytes", costs.peak_memory},
                        {"device", costs.device}};
  if (costs.peak_device_memory) result["peak_device_bytes"] = *costs.peak_device_memory;
  write_file(options.text("output"), result.dump());
  return kAllGood;
}

}  // namespace epochal::app
