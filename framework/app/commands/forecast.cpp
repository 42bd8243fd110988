// `epochal forecast`: the time and memory of a sweep, before they are spent.

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <queue>

#include "db/end_of_log.h"
#include "db/query.h"
#include "db/scratch_folder.h"
#include "db/store.h"
#include "framework/app/commands/command.h"
#include "framework/app/options.h"
#include "framework/app/search_sweep.h"
#include "framework/app/sweep_arguments.h"
#include "framework/app/text_table.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/text_lines.h"
#include "framework/system/child_process.h"
#include "framework/system/host.h"
#include "framework/system/memory.h"
#include "framework/system/stop_signal.h"
#include "framework/system/whole_file.h"

namespace epochal::app {
namespace fs = std::filesystem;
namespace {

/// How the runs will be run, and so how they are measured.
struct Conditions {
  int jobs = 1;
  int threads = 1;
  Bytes memory = 0;
};

/// Measures one run in a process of its own, as a run would have: what it holds shall not count
/// for the next one.
store::ForecastRecord measured(const std::vector<std::string>& sweep, const RunSpec& run,
                               Epoch epochs, const Conditions& conditions,
                               const fs::path& scratch) {
  const fs::path output = scratch / "costs.json";
  const fs::path log = scratch / "log";
  fs::remove(output);
  fs::remove(log);
  std::vector<std::string> command{"epochal", "measure"};
  command.insert(command.end(), sweep.begin(), sweep.end());
  command.insert(command.end(),
                 {"--identity", run.identity, "--epochs", std::to_string(epochs), "--threads",
                  std::to_string(conditions.threads), "--memory", std::to_string(conditions.memory),
                  "--output", output.string(), "--scratch", scratch.string()});
  ProcessStart start;
  start.command = std::move(command);
  start.program = "/proc/self/exe";
  start.output = log;
  const ProcessEnd end = ChildProcess(start).wait();
  if (stop_signal::count() > 0) throw Error("the forecast was stopped");
  const auto costs = nlohmann::json::parse(whole_file(output), nullptr, false);
  if (!end.is_success() || !costs.is_object()) {
    const std::string name = run.identity.substr(0, 10);
    const std::string said = store::last_lines(log);
    if (!said.empty()) {
      print_message("run {} printed last:\n{}", name, printable_lines(said, "    "));
    }
    throw Error("run " + name + " cannot be measured", {}, "fix the error above and try again");
  }
  store::ForecastRecord forecast;
  forecast.made_at = now();
  forecast.host = host_name();
  forecast.device = costs.at("device").get<std::string>();
  forecast.threads = conditions.threads;
  forecast.epochs = epochs;
  forecast.seconds = Seconds(costs.at("seconds").get<double>());
  forecast.peak_bytes = costs.at("peak_bytes").get<Bytes>();
  if (costs.contains("peak_device_bytes")) {
    forecast.peak_device_bytes = costs.at("peak_device_bytes").get<Bytes>();
  }
  return forecast;
}

/// Runs that differ only in their seed cost the same.
std::string kind_of(const RunSpec& run, Epoch epochs) {
  std::string kind = std::to_string(epochs);
  for (const auto& [name, value] : run.parameters.all()) kind += '\0' + name + '=' + to_text(value);
  return kind;
}

/// When the last run ends if each worker takes the next run as soon as it is free.
Seconds end_of_all(const std::vector<store::ForecastRecord>& forecasts, int jobs) {
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
  for (int i = 0; i < jobs; ++i) free_at.push(0);
  double end = 0;
  for (const store::ForecastRecord& forecast : forecasts) {
    const double ends = free_at.top() + forecast.seconds.count();
    free_at.pop();
    free_at.push(ends);
    end = std::max(end, ends);
  }
  return Seconds(end);
}

std::map<std::string, Epoch> epochs_done(const fs::path& store) {
  std::map<std::string, Epoch> done;
  for (const store::RunRecord& record : store::Query(store).runs())
    done[record.identity] = record.epochs_done;
  return done;
}

void print(const std::vector<RunSpec>& runs, const std::vector<store::ForecastRecord>& forecasts,
           const SweepExperiments& experiments) {
  const std::vector<std::string> varying = varying_parameters(runs, experiments);
  TextTable table;
  table.add_column("run");
  table.add_columns(varying, TextTable::Align::right);
  table.add_columns({"seed", "epochs to do", "time", "peak memory"}, TextTable::Align::right);
  const bool has_gpu =
      std::any_of(forecasts.begin(), forecasts.end(),
                  [](const store::ForecastRecord& forecast) { return forecast.peak_device_bytes; });
  if (has_gpu) table.add_column("GPU memory", TextTable::Align::right);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::vector<std::string> row{runs[i].identity.substr(0, 10)};
    for (const std::string& name : varying) row.push_back(value_text(runs[i], name));
    row.push_back(std::to_string(runs[i].seed));
    row.push_back(std::to_string(forecasts[i].epochs));
    row.push_back(forecasts[i].epochs > 0 ? format_duration(forecasts[i].seconds) : "done");
    row.push_back(forecasts[i].epochs > 0 ? format_bytes(forecasts[i].peak_bytes) : "");
    if (has_gpu) {
      const auto& bytes = forecasts[i].peak_device_bytes;
      row.push_back(bytes ? format_bytes(*bytes) : "");
    }
    table.add_row(std::move(row));
  }
  table.print(std::cout);
}

/// The other trials of a search are taken to be like those of its startup points.
void add_later_trials(const SearchRequest& search, std::vector<store::ForecastRecord>& forecasts) {
  const std::vector<store::ForecastRecord> measured = forecasts;
  const auto all = static_cast<std::size_t>(search.trials);
  if (all > measured.size()) {
    std::cout << fmt::format("{} trials follow, taken to be like these\n", all - measured.size());
  }
  for (std::size_t i = measured.size(); i < all; ++i) {
    forecasts.push_back(measured[i % measured.size()]);
  }
}

void conclude(const std::vector<store::ForecastRecord>& forecasts, const Conditions& conditions) {
  Bytes most = 0;
  for (const store::ForecastRecord& forecast : forecasts)
    most = std::max(most, forecast.peak_bytes);
  std::cout << fmt::format("{} runs in {} with {} at a time on {} threads each; at most {} each\n",
                           forecasts.size(),
                           format_duration(end_of_all(forecasts, conditions.jobs)), conditions.jobs,
                           conditions.threads, format_bytes(most));
  if (conditions.memory > 0 && most > conditions.memory) {
    std::cout << fmt::format(
        "this is more than the {} that each run may use: use fewer --jobs or a smaller batch\n",
        format_bytes(conditions.memory));
  }
}

int do_forecast(const Options& options) {
  const SweepArguments sweep = read_sweep_arguments(options.positional(), options.usage());
  PluginRegistry registry = PluginRegistry::from_environment();
  const SweepExperiments experiments = experiments_of(sweep.sweep, registry);
  refuse_without_program(sweep.sweep);
  const std::vector<RunSpec> runs = runs_of(sweep.sweep, experiments);
  Conditions conditions;
  conditions.jobs = options.integer("jobs", 1, 1, 1024);
  conditions.threads = std::max(1, usable_cores() / conditions.jobs);
  conditions.memory = available_memory().value_or(0) / conditions.jobs;

  stop_signal::install();
  const fs::path folder = options.store_folder();
  store::Store store(folder);
  const store::ScratchFolder scratch(folder);
  std::map<std::string, Epoch> done = epochs_done(folder);
  std::map<std::string, store::ForecastRecord> by_kind;
  std::vector<store::ForecastRecord> forecasts;
  for (const RunSpec& run : runs) {
    const Epoch epochs = std::max(0, run.epochs - done[run.identity]);
    store::ForecastRecord forecast;
    if (epochs > 0) {
      const auto [kind, is_new] = by_kind.try_emplace(kind_of(run, epochs));
      if (is_new) {
        print_message("measuring run {} ({}/{})\n", run.identity.substr(0, 10),
                      forecasts.size() + 1, runs.size());
        kind->second = measured(options.positional(), run, epochs, conditions, scratch.path());
      }
      forecast = kind->second;
      forecast.identity = run.identity;
      store.add_forecast(forecast);
    }
    forecasts.push_back(std::move(forecast));
  }
  print(runs, forecasts, experiments);
  if (sweep.sweep.search) add_later_trials(*sweep.sweep.search, forecasts);
  conclude(forecasts, conditions);
  return kAllGood;
}

}  // namespace

Command forecast_command() {
  Options options(
      "forecast SWEEP.toml [KEY=VALUE…]",
      "Measures a few steps of each kind of run and predicts the time and memory of the\n"
      "sweep on this machine. The store keeps the forecast, and `epochal show RUN`\n"
      "compares it with the actual values.");
  options.store().value("jobs", "N", "worker processes at a time (default 1)");
  return {"predict time and memory from a few steps", std::move(options), do_forecast};
}

}  // namespace epochal::app
