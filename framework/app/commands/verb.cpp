// `epochal EXPERIMENT VERB …`: hands over to a plugin.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/options.h"
#include "framework/base/nearest_name.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/runner/known_experiment.h"

namespace epochal::app {
namespace {

void list_verbs(const ExperimentInfo& info) {
  std::cout << fmt::format("{}: {}\n\n", info.name, info.summary);
  for (const Verb& verb : info.verbs) {
    std::cout << fmt::format("  epochal {} {:<12}{}\n", info.name, verb.name, verb.summary);
  }
  std::cout << fmt::format("\nParameters: epochal experiments show {}\n", info.name);
}

TrainedRun find_trained_run(const std::filesystem::path& folder, const ExperimentInfo& info,
                            std::string_view prefix) {
  const store::Query query(folder);
  const store::RunRecord run = query.run_named(prefix);
  if (run.experiment != info.name) {
    throw Error(fmt::format("run {} is of the experiment '{}', not '{}'", run.short_identity(),
                            run.experiment, info.name));
  }
  if (auto trained = trained_run(query, info, run)) return *trained;
  throw Error(fmt::format("run {} has no intact checkpoint", run.short_identity()), folder,
              "let it finish an epoch first");
}

/// Takes --store out of a verb's arguments: the framework opens stores, plugins do not.
std::filesystem::path take_store(Arguments& arguments) {
  Arguments store;
  for (auto argument = arguments.begin(); argument != arguments.end();) {
    const bool is_pair = *argument == "--store" && argument + 1 != arguments.end();
    if (is_pair || argument->starts_with("--store=")) {
      const auto end = argument + (is_pair ? 2 : 1);
      store.assign(argument, end);
      argument = arguments.erase(argument, end);
    } else {
      ++argument;
    }
  }
  Options options("", "");
  options.store().parse(store);
  return options.store_folder();
}

}  // namespace

int command_verb(const std::string& experiment, const Arguments& arguments) {
  PluginRegistry registry = PluginRegistry::from_environment();
  const ExperimentInfo& info = registry.experiment(experiment);
  if (arguments.empty() || arguments.front() == "--help" || arguments.front() == "-h") {
    list_verbs(info);
    return arguments.empty() ? kWrongInput : kAllGood;
  }
  const auto verb = std::find_if(info.verbs.begin(), info.verbs.end(),
                                 [&](const Verb& v) { return v.name == arguments.front(); });
  if (verb == info.verbs.end()) {
    std::vector<std::string> known;
    for (const Verb& v : info.verbs) known.push_back(v.name);
    throw Error(
        fmt::format("'{}' has no command '{}'", experiment, arguments.front().substr(0, 80)), {},
        name_hint(arguments.front(), known));
  }
  Arguments rest(arguments.begin() + 1, arguments.end());
  const std::filesystem::path store = take_store(rest);
  return verb->run(rest, [&](std::string_view run) { return find_trained_run(store, info, run); });
}

}  // namespace epochal::app
