// `epochal show RUN`: everything that the store knows about one run.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <span>

#include "db/maintenance/lost_runs.h"
#include "db/query.h"
#include "framework/app/colour.h"
#include "framework/app/commands/command.h"
#include "framework/app/options.h"
#include "framework/app/run_result.h"
#include "framework/app/text_table.h"
#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "framework/base/text_lines.h"
#include "framework/command/command_experiment.h"
#include "reports/figures/sparkline.h"
#include "reports/statistics/series.h"

namespace epochal::app {
namespace {

using Align = TextTable::Align;

constexpr std::size_t kLongestLine = 2000;

void print_line(std::string_view name, const std::string& value) {
  if (!value.empty()) std::cout << fmt::format("{:<14}{}\n", name, printable(value, kLongestLine));
}

/// The run's status, with its progress if it is running.
std::string status_text(const store::RunRecord& run,
                        const std::vector<store::AttemptRecord>& attempts) {
  if (run.status != store::RunStatus::running || attempts.empty())
    return std::string(name_of(run.status));
  const store::AttemptRecord& attempt = attempts.back();
  if (store::is_lost(attempt)) return "interrupted (its worker is gone)";
  if (!attempt.live || attempt.live->epoch <= run.epochs_done) return "running";
  return fmt::format("running, epoch {}: {} of {} samples", attempt.live->epoch, attempt.live->done,
                     attempt.live->total);
}

/// A run whose worker is gone counts as interrupted, whatever its record says.
Colour colour_of_status(const store::RunRecord& run, const std::string& status) {
  return colour_of(status.starts_with("interrupted") ? store::RunStatus::interrupted : run.status);
}

/// `failure`: further lines about why the run failed, after the error's first line.
void print_run(const store::RunRecord& run, const std::string& status,
               const std::vector<store::EpochRecord>& epochs, const std::string& failure) {
  print_line("run", run.identity);
  print_line("experiment", fmt::format("{} version {}", run.experiment, run.experiment_version));
  std::cout << fmt::format(
      "{:<14}{}\n", "status",
      shown({{status, colour_of_status(run, status)}}, kLongestLine, takes_colours(STDOUT_FILENO)));
  print_line("error", std::string(first_line(run.error)));
  std::cout << failure;
  print_line("epochs", format_epochs(run.epochs_done, run.epochs));
  if (const auto steps = store::steps_of(epochs)) print_line("steps", format_count(*steps));
  print_line("seed", std::to_string(run.seed));
  print_line("time", format_duration(run.trained));
  print_line("created", format_time(run.created_at));
  if (run.started_at) print_line("started", format_time(*run.started_at));
  if (run.ended_at) print_line("ended", format_time(*run.ended_at));
  print_line("code", run.code_version);
  print_line("data", run.inputs.data);
  print_line("weights", run.inputs.weights);
  if (run.trashed_at) {
    print_line("trash", fmt::format("since {}; `epochal rm --restore {}` brings it back",
                                    format_time(*run.trashed_at), run.short_identity()));
  }
}

/// Which points of searches the run is, and what was known when each was asked for.
void print_trials(const store::Query& query, store::RunId run) {
  for (const auto& [trial, sweep] : query.trials_of(run)) {
    std::string how = trial.is_model ? "by TPE, from trials " + trial.ended
                                     : std::string("a startup point of Sobol's sequence");
    if (!trial.is_model && !trial.ended.empty()) how += "; ended by then: " + trial.ended;
    if (!trial.running.empty()) how += "; without a result: " + trial.running;
    print_line("trial", fmt::format("{} of the search '{}', asked for {}: {}", trial.number, sweep,
                                    format_time(trial.asked_at), how));
  }
}

void print_labels(const store::Query& query, store::RunId run) {
  std::string sweeps;
  for (const store::SweepRecord& sweep : query.sweeps_of(run)) {
    sweeps += (sweeps.empty() ? "" : ", ") + sweep.name;
  }
  print_line("sweeps", sweeps);
  std::string tags;
  for (const auto& [name, value] : query.tags(run)) {
    tags += (tags.empty() ? "" : ", ") + name + (value.empty() ? "" : "=" + value);
  }
  print_line("tags", tags);
  for (const store::NoteRecord& note : query.notes(run)) {
    print_line("note", fmt::format("{}: {}", format_time(note.at), note.text));
  }
}

/// Of longer lists only the newest entries are printed: a run may have a million epochs.
constexpr std::size_t kMostRows = 1000;
constexpr std::size_t kMostMetrics = 40;

/// " (the newest 1,000 of 1,000,000)"; empty if all are shown.
std::string what_is_shown(std::size_t rows) {
  const auto count = static_cast<std::int64_t>(rows);
  if (rows <= kMostRows) return {};
  return fmt::format(" (the newest {} of {})", format_count(kMostRows), format_count(count));
}

template <typename Entry>
std::span<const Entry> newest(const std::vector<Entry>& entries) {
  return std::span(entries).last(std::min(entries.size(), kMostRows));
}

using Curves = std::map<std::string, store::Series>;

Curves read_curves(const store::Query& query, store::RunId run) {
  Curves curves;
  const std::vector<std::string> names = query.metric_names({run});
  for (const std::string& name : std::span(names).first(std::min(names.size(), kMostMetrics))) {
    store::Series series = query.series(run, name);
    if (!series.empty()) curves[name] = std::move(series);
  }
  if (names.size() > kMostMetrics) {
    std::cout << fmt::format("\n{} of {} metrics are shown; `epochal export --to csv` writes all\n",
                             kMostMetrics, format_count(static_cast<std::int64_t>(names.size())));
  }
  return curves;
}

/// The best value of a curve; empty if the metric has no direction.
std::string best_text(const MetricSpec* spec, const store::Series& series) {
  if (spec == nullptr) return {};
  const auto best = report::statistic_of(series, Claim::Statistic::best, spec->better);
  return best ? format_number(*best) : "";
}

/// One line for each metric: its curve and its first, best and last value.
void print_curves(const Curves& curves, const store::RunRecord& run,
                  const store::Declarations& declarations) {
  if (curves.empty()) return;
  TextTable table;
  table.add_columns({"curve", ""});
  table.add_columns({"first", "best", "last"}, Align::right);
  for (const auto& [name, series] : curves) {
    std::vector<double> values;
    for (const store::SeriesPoint& point : series) values.push_back(point.value);
    table.add_row({name, report::sparkline(values), format_number(values.front()),
                   best_text(declarations.metric(run, name), series),
                   format_number(values.back())});
  }
  std::cout << '\n';
  table.print(std::cout);
}

/// `choices`: the values that `auto` was set to.
void print_parameters(const store::RunRecord& run,
                      const std::map<std::string, std::string>& choices) {
  std::cout << "\nparameters\n";
  for (const auto& [name, value] : run.parameters.all()) {
    const auto chosen = choices.find(name);
    const std::string came_to =
        chosen == choices.end() ? "" : fmt::format(" ({})", printable(chosen->second, 80));
    std::cout << fmt::format("  {:<24}{}{}\n", printable(name), printable(to_text(value)), came_to);
  }
}

void print_provenance(const store::Provenance& provenance) {
  const auto line = [](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    std::cout << fmt::format("    {:<12}{}\n", name, printable(value, 2000));
  };
  line("command", provenance.command);
  line("in", provenance.directory);
  line("git",
       provenance.git_commit + (provenance.git_is_dirty ? ", with changes: see the artifact" : ""));
  std::string environment;
  for (const auto& [name, value] : provenance.environment) {
    environment += fmt::format("{}{}={}", environment.empty() ? "" : " ", name, value);
  }
  line("environment", environment);
}

void print_attempts(const std::vector<store::AttemptRecord>& attempts) {
  if (attempts.empty()) return;
  std::cout << "\nattempts" << what_is_shown(attempts.size()) << '\n';
  for (const store::AttemptRecord& attempt : newest(attempts)) {
    const Host& host = attempt.host;
    std::cout << printable(
                     fmt::format(
                         "  {} on {} ({}, {} cores, {}{}{}), {} with {} threads, {}: {}",
                         format_time(attempt.started_at), host.name, host.cpu, host.cores,
                         format_bytes(host.memory_bytes), host.gpu.empty() ? "" : ", ", host.gpu,
                         attempt.device.empty() ? "no device yet" : attempt.device, attempt.threads,
                         attempt.first_epoch ? fmt::format("epochs {} to {}", *attempt.first_epoch,
                                                           *attempt.last_epoch)
                                             : "no epoch",
                         attempt.end_reason.empty() ? "not ended" : attempt.end_reason),
                     1000)
              << '\n';
    for (const auto& [name, version] : attempt.libraries) {
      std::cout << printable(fmt::format("    {} {}", name, version)) << '\n';
    }
    if (!attempt.build.empty()) {
      std::cout << printable(fmt::format("    build of the experiment {}", attempt.build), 80)
                << '\n';
    }
    print_provenance(attempt.provenance);
  }
}

std::string rate_of(const store::EpochRecord& epoch) {
  const double seconds = epoch.train_seconds.count();
  if (epoch.samples == 0) return {};
  return seconds > 0 ? format_number(static_cast<double>(epoch.samples) / seconds) : "";
}

std::string share_text(const std::optional<double>& share) {
  return share ? fmt::format("{:.0f} %", 100 * *share) : "";
}

std::string value_at(const store::Series& series, Epoch epoch) {
  const auto point =
      std::lower_bound(series.begin(), series.end(), epoch,
                       [](const store::SeriesPoint& p, Epoch wanted) { return p.epoch < wanted; });
  return point == series.end() || point->epoch != epoch ? "" : format_number(point->value);
}

void print_epochs(const std::vector<store::EpochRecord>& epochs, const Curves& curves) {
  if (epochs.empty()) return;
  TextTable table;
  table.add_column("epoch", Align::right);
  for (const auto& [name, series] : curves) table.add_column(name, Align::right);
  table.add_columns({"learning rate", "time", "samples/s", "peak memory", "CPU"}, Align::right);
  const bool has_gpu = std::any_of(epochs.begin(), epochs.end(),
                                   [](const store::EpochRecord& epoch) { return epoch.gpu_use; });
  if (has_gpu) table.add_columns({"GPU", "GPU memory"}, Align::right);
  for (const store::EpochRecord& epoch : newest(epochs)) {
    std::vector<std::string> row{std::to_string(epoch.number)};
    for (const auto& [name, series] : curves) row.push_back(value_at(series, epoch.number));
    row.push_back(epoch.learning_rate ? format_number(*epoch.learning_rate) : "");
    row.push_back(format_duration(epoch.seconds));
    row.push_back(rate_of(epoch));
    row.push_back(epoch.peak_host_memory ? format_bytes(*epoch.peak_host_memory) : "");
    row.push_back(share_text(epoch.cpu_use));
    if (has_gpu) {
      row.push_back(share_text(epoch.gpu_use));
      row.push_back(epoch.peak_device_memory ? format_bytes(*epoch.peak_device_memory) : "");
    }
    table.add_row(std::move(row));
  }
  std::cout << "\nepochs" << what_is_shown(epochs.size()) << '\n';
  table.print(std::cout);
}

std::string memory_text(Bytes host, const std::optional<Bytes>& device) {
  if (!device) return format_bytes(host);
  return fmt::format("{} and {} of the GPU", format_bytes(host), format_bytes(*device));
}

/// The forecast, and what the run has taken since.
void print_forecast(const std::optional<store::ForecastRecord>& forecast,
                    const std::vector<store::AttemptRecord>& attempts,
                    const std::vector<store::EpochRecord>& epochs) {
  if (!forecast) return;
  std::cout << "\nforecast\n"
            << fmt::format("  {}  {} epochs in {} with {} threads, {} at most\n",
                           format_time(forecast->made_at), forecast->epochs,
                           format_duration(forecast->seconds), forecast->threads,
                           memory_text(forecast->peak_bytes, forecast->peak_device_bytes));
  Seconds took{0};
  Epoch done = 0;
  Bytes peak = 0;
  std::optional<Bytes> device_peak;
  for (const store::AttemptRecord& attempt : attempts) {
    if (attempt.started_at < forecast->made_at || !attempt.ended_at) continue;
    took += Seconds(*attempt.ended_at - attempt.started_at);
  }
  for (const store::EpochRecord& epoch : epochs) {
    if (epoch.started_at < forecast->made_at) continue;
    ++done;
    peak = std::max(peak, epoch.peak_host_memory.value_or(0));
    device_peak = std::max(device_peak, epoch.peak_device_memory);
  }
  if (done == 0) return;
  std::cout << fmt::format("  since then  {} epochs in {}, {} at most\n", done,
                           format_duration(took), memory_text(peak, device_peak));
}

void print_artifacts(const std::vector<store::ArtifactRecord>& artifacts,
                     const std::filesystem::path& store) {
  if (artifacts.empty()) return;
  std::cout << "\nartifacts in " << printable(store.string(), 4096)
            << what_is_shown(artifacts.size()) << '\n';
  for (const store::ArtifactRecord& artifact : newest(artifacts)) {
    const bool is_described = artifact.kind == store::ArtifactRecord::Kind::diff ||
                              artifact.kind == store::ArtifactRecord::Kind::sample;
    const bool says_more = is_described && !artifact.caption.empty();
    std::cout << printable(
                     fmt::format("  {:<12}{:<11}{:<10}{}{}", name_of(artifact.kind),
                                 artifact.type ? name_of(*artifact.type) : "",
                                 artifact.sha256.empty() ? "" : format_bytes(artifact.bytes),
                                 artifact.path, says_more ? " (" + artifact.caption + ")" : ""),
                     1000)
              << '\n';
  }
}

void print_events(const std::vector<store::EventRecord>& events) {
  if (events.empty()) return;
  std::cout << "\nevents" << what_is_shown(events.size()) << '\n';
  for (const store::EventRecord& event : newest(events)) {
    std::cout << printable(
                     fmt::format("  {}  {}: {}", format_time(event.at), event.kind, event.text),
                     4000)
              << '\n';
  }
}

/// What there is by step; the values themselves are for reports and SQL.
void print_steps(const store::Query& query, store::RunId run) {
  constexpr std::size_t kMostStepNames = 8;
  const std::vector<store::StepMetric> metrics = query.step_metrics(run);
  if (metrics.empty()) return;
  std::vector<std::string> names;
  std::int64_t values = 0;
  for (const store::StepMetric& metric : metrics) {
    values += metric.count;
    if (names.size() < kMostStepNames) names.push_back(printable(metric.name, 60));
  }
  if (metrics.size() > names.size()) names.emplace_back("…");
  print_line("by step",
             fmt::format("{} values of {}", format_count(values), fmt::join(names, ", ")));
}

int do_show(const Options& options) {
  const std::string& prefix = options.only_positional("RUN");
  const store::Query query(options.store_folder());
  const store::RunRecord run = query.run_named(prefix);
  const std::vector<store::AttemptRecord> attempts = query.attempts(run.id);
  const std::vector<store::EpochRecord> epochs = query.bare_epochs(run.id);
  print_run(run, status_text(run, attempts), epochs,
            failure_details(query, run, std::string(14, ' ')));
  print_labels(query, run.id);
  print_trials(query, run.id);
  const std::map<std::string, std::string> choices = query.choices(run.id);
  if (const auto kind = choices.find(kResumeKind); kind != choices.end()) {
    print_line("resume", kind->second);
  }
  print_parameters(run, choices);
  print_attempts(attempts);
  print_steps(query, run.id);
  const Curves curves = read_curves(query, run.id);
  print_curves(curves, run, query.declarations());
  print_epochs(epochs, curves);
  print_forecast(query.forecast(run.identity), attempts, epochs);
  print_artifacts(query.artifacts(run.id), query.folder());
  print_events(query.events(run.id));
  return kAllGood;
}

}  // namespace

Command show_command() {
  Options options(
      "show RUN",
      "Shows one run. RUN is the first digits of its identity, which `epochal ls` shows; or\n"
      "@last, the run with the newest attempt; @best, the best finished run of the newest sweep;\n"
      "SWEEP:3, the third run of a sweep.");
  options.store();
  return {"show one run: parameters, hardware, attempts, epochs, artifacts", std::move(options),
          do_show};
}

}  // namespace epochal::app
