// `epochal ask`: the next point of a search, for a program that trains by itself.

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "framework/app/commands/command.h"
#include "framework/app/search_sweep.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/base/shell_words.h"
#include "framework/runner/known_experiment.h"
#include "framework/sweep/search_points.h"
#include "framework/system/host.h"

namespace epochal::app {
namespace {

/// The sweep that is meant: a file, the name of a recorded sweep, or the newest sweep.
SweepArguments asked_sweep_of(const Options& options) {
  const std::filesystem::path folder = options.store_folder();
  if (std::filesystem::exists(folder / "epochal.db")) {
    const store::Query query(folder);
    const std::vector<std::string>& words = options.positional();
    const auto rest = words.empty() ? words.begin() : words.begin() + 1;
    if (const auto named = named_sweep(query, {words.begin(), rest})) {
      SweepArguments arguments = arguments_of(*named);
      apply_overrides(arguments.sweep, {rest, words.end()});
      return arguments;
    }
  }
  return read_sweep_arguments(options.positional(), options.usage());
}

void check_asks_itself(const Sweep& sweep) {
  if (!sweep.search) {
    throw Error(fmt::format("the sweep '{}' has no search to ask", printable(sweep.name, 80)), {},
                "add [sweep.search] to its file");
  }
  if (sweep.command && sweep.command->run.empty()) return;
  throw Error(
      fmt::format("epochal itself does the runs of the sweep '{}'", printable(sweep.name, 80)), {},
      "use `epochal run`; for a program that asks by itself, write experiment = \"command\" and "
      "leave `run` of [command] out");
}

/// tell() records one value, which is that of the only epoch.
void check_length(const Sweep& sweep) {
  if (!sweep.length && sweep.epochs == 1) return;
  const std::string key = sweep.length ? sweep.length->name : "epochs";
  throw Error(
      fmt::format("a run of `epochal ask` has one epoch, but the sweep '{}' sets {}",
                  printable(sweep.name, 80), key),
      sweep.length ? sweep.length->where : "",
      fmt::format("leave {} out, or give your program a parameter of another name in [params]",
                  key));
}

/// Nobody can see whether the asking program still works: only tell() ends the attempt.
store::AttemptStart attempt_of_asker() {
  store::AttemptStart start;
  start.host = probe_host();
  start.process.boot = kAskedBoot;
  std::error_code unknown;
  start.provenance.directory = std::filesystem::current_path(unknown).string();
  return start;
}

/// Claims the run of a trial, if it is not done and no other process has it.
bool claim_trial(store::Store& store, SweepSearch& search, const store::SearchTrial& trial) {
  return store.claim(search.queue(trial), attempt_of_asker()).has_value();
}

/// A trial that was asked for before, but that nobody has: its process died before it could print
/// it.
std::optional<store::SearchTrial> forsaken_trial(store::Store& store, SweepSearch& search) {
  for (const auto& [trial, result] : search.trials()) {
    const bool is_free = !result || (!result->is_trashed &&
                                     store::may_become(result->status, store::RunStatus::running));
    if (is_free && claim_trial(store, search, trial)) return trial;
  }
  return std::nullopt;
}

std::optional<store::SearchTrial> next_claimed(store::Store& store, SweepSearch& search) {
  if (auto forsaken = forsaken_trial(store, search)) return forsaken;
  while (auto trial = search.ask()) {
    if (claim_trial(store, search, *trial)) return trial;
  }
  return std::nullopt;
}

nlohmann::ordered_json json_value(const ParameterValue& value) {
  return std::visit([](const auto& each) { return nlohmann::ordered_json(each); }, value);
}

/// The values of the point and those that the sweep fixes.
std::vector<Assignment> all_values(const Sweep& sweep, const store::SearchTrial& trial,
                                   const RunSpec& run) {
  std::vector<Assignment> values = assignments_at(*sweep.search, trial.point);
  for (const Assignment& fixed : sweep.fixed) values.push_back(fixed);
  for (Assignment& each : values) each.value = *run.parameters.find(each.name);
  return values;
}

void print_point(const Options& options, const Sweep& sweep, const store::SearchTrial& trial,
                 const RunSpec& run) {
  const std::string name = run.identity.substr(0, 10);
  const std::vector<Assignment> values = all_values(sweep, trial, run);
  if (!options.has("json")) {
    std::cout << "run=" << name << '\n';
    for (const Assignment& each : values) {
      std::cout << each.name << '=' << shell_quoted(to_text(each.value)) << '\n';
    }
    return;
  }
  nlohmann::ordered_json parameters = nlohmann::ordered_json::object();
  for (const Assignment& each : values) parameters[each.name] = json_value(each.value);
  const nlohmann::ordered_json answer{
      {"run", name}, {"trial", trial.number}, {"seed", run.seed}, {"parameters", parameters}};
  std::cout << answer.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
            << '\n';
}

int do_ask(const Options& options) {
  const SweepArguments arguments = asked_sweep_of(options);
  const Sweep& sweep = arguments.sweep;
  check_asks_itself(sweep);
  check_length(sweep);
  PluginRegistry registry({});
  const SweepExperiments experiments = experiments_of(sweep, registry);
  expand(sweep, experiments);  // throws for what cannot be run
  store::Store store(options.store_folder());
  store.declare(declaration_of(*experiments.front()));
  const auto search = recorded_search(store, arguments, experiments);
  const auto trial = next_claimed(store, *search);
  if (!trial && print_nothing_new(sweep, *search)) return kNothingLeft;
  if (!trial) {
    print_message("all {} trials of '{}' have been asked for; trials={} goes on\n",
                  search->request().trials, printable(sweep.name, 80),
                  2 * search->request().trials);
    return kNothingLeft;
  }
  print_point(options, sweep, *trial, run_at(sweep, *experiments.front(), trial->point));
  return kAllGood;
}

}  // namespace

Command ask_command() {
  Options options(
      "ask SWEEP | SWEEP.toml [KEY=VALUE…]",
      "Prints the next point of a sweep's [sweep.search] and records that it was asked for. It\n"
      "prints lines KEY=VALUE, quoted for a shell: `run`, the name of the run, and each\n"
      "parameter. `epochal tell` records the result. Several processes may ask at the same\n"
      "time. Exit code 1: all trials or points have been asked for.");
  options.store().flag("json", "print one JSON object instead of lines KEY=VALUE");
  return {"print the next point of a search, for any program", std::move(options), do_ask};
}

}  // namespace epochal::app
