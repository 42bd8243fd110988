// `epochal experiments`: the plugins that were found, and the parameters of each.

#include <fmt/format.h>

#include <iostream>

#include "framework/app/commands/command.h"
#include "framework/app/options.h"
#include "framework/app/text_table.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/plugin/plugin_registry.h"

namespace epochal::app {
namespace {

std::string allowed(const ParameterSpec& spec) {
  if (!spec.choices.empty()) {
    return fmt::format("{}{}", fmt::join(spec.choices, " | "),
                       spec.type != ParameterType::path ? ""
                       : spec.may_join                  ? " | PATH + …"
                                                        : " | PATH");
  }
  if (spec.has_auto && spec.max) return fmt::format("auto | 1 to {}", *spec.max);
  if (spec.min && spec.max) return fmt::format("{} to {}", *spec.min, *spec.max);
  return std::string(name_of(spec.type));
}

/// Prints an error for a plugin that does not load and goes on. Returns the exit code.
int list_all(PluginRegistry& registry) {
  std::size_t broken = 0;
  TextTable table;
  table.add_column("experiment");
  table.add_column("version", TextTable::Align::right);
  table.add_column("summary");
  for (const std::string& name : registry.names()) {
    try {
      const ExperimentInfo& info = registry.experiment(name);
      table.add_row({info.name, std::to_string(info.version), info.summary});
    } catch (const Error& error) {
      print_message("{}\n", printable(error.what(), 1000));
      ++broken;
    }
  }
  table.print(std::cout);
  return broken > 0 && broken == registry.names().size() ? kWrongInput : kAllGood;
}

void show_metrics(const ExperimentInfo& info) {
  if (info.metrics.empty()) return;
  TextTable table;
  table.add_columns({"metric", "better", "unit", "meaning"});
  for (const MetricSpec& metric : info.metrics) {
    const bool is_objective = metric.name == info.objective;
    table.add_row({metric.name, metric.better ? std::string(name_of(*metric.better)) : "",
                   metric.unit, metric.doc + (is_objective ? " (the objective)" : "")});
  }
  std::cout << '\n';
  table.print(std::cout);
}

void show_report_inputs(const ExperimentInfo& info) {
  if (info.report_inputs.empty()) return;
  TextTable table;
  table.add_columns({"key of [report]", "kind", "meaning"});
  for (const ReportInputSpec& input : info.report_inputs) {
    table.add_row({input.name, std::string(name_of(input.kind)), input.doc});
  }
  std::cout << '\n';
  table.print(std::cout);
}

void show(const ExperimentInfo& info) {
  std::cout << fmt::format("{} (version {}): {}\n\n", info.name, info.version, info.summary);
  TextTable table;
  table.add_columns({"parameter", "default", "allowed", "unit", "meaning"});
  for (const ParameterSpec& spec : info.schema.specs()) {
    table.add_row({spec.name, spec.text_of(spec.fallback), allowed(spec), spec.unit, spec.doc});
  }
  table.print(std::cout);
  show_metrics(info);
  show_report_inputs(info);
  if (info.verbs.empty()) return;
  std::cout << "\ncommands of its own:\n";
  for (const Verb& verb : info.verbs) {
    std::cout << fmt::format("  epochal {} {}: {}\n", info.name, verb.name, verb.summary);
  }
}

int do_experiments(const Options& options) {
  PluginRegistry registry = PluginRegistry::from_environment();
  const std::vector<std::string>& words = options.positional();
  if (words.empty()) return list_all(registry);
  if (words.size() == 2 && words.front() == "show") {
    show(registry.experiment(words.back()));
  } else {
    throw Error("wrong arguments", {}, "usage: epochal experiments [show NAME]");
  }
  return kAllGood;
}

}  // namespace

Command experiments_command() {
  Options options("experiments [show NAME]",
                  "Lists all experiments, or the parameters and metrics of one:\n"
                  "  epochal experiments show adain\n"
                  "epochal looks for plugins in EPOCHAL_PLUGIN_PATH and next to its program.");
  return {"list the experiments, or one's parameters", std::move(options), do_experiments};
}

}  // namespace epochal::app
