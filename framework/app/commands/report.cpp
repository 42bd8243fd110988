// `epochal report`: the comparison of a sweep's runs as one folder.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <set>
#include <thread>

#include "db/query.h"
#include "framework/app/code_version.h"
#include "framework/app/commands/command.h"
#include "framework/app/options.h"
#include "framework/app/selection_options.h"
#include "framework/app/sweep_arguments.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/base/shell_words.h"
#include "framework/runner/known_experiment.h"
#include "framework/sweep/report_inputs.h"
#include "framework/system/stop_signal.h"
#include "reports/page/pdf.h"
#include "reports/page/report.h"
#include "reports/run_samples.h"
#include "reports/statistics/settings.h"

namespace epochal::app {
namespace {

/// " --where … --sort …": those of the options that were given, as they were.
std::string given(const Options& options, std::initializer_list<const char*> names) {
  std::string line;
  for (const char* name : names) {
    if (options.has(name)) line += fmt::format(" --{} {}", name, shell_quoted(options.text(name)));
  }
  return line;
}

/// A limit is of settings: cutting off some seeds of one would change its mean unsaid.
std::vector<store::RunRecord> first_settings(const std::vector<store::RunRecord>& runs,
                                             std::int64_t limit) {
  std::vector<store::RunRecord> limited;
  std::int64_t settings = 0;
  for (const std::vector<std::size_t>& group : report::runs_by_setting(runs)) {
    if (settings++ == limit) break;
    for (const std::size_t index : group) limited.push_back(runs[index]);
  }
  return limited;
}

/// "run in ('3f9c2a1b44', …)".
std::string filter_of(const std::vector<report::ReportedRun>& runs) {
  std::vector<std::string> names;
  for (const report::ReportedRun& run : runs) names.push_back("'" + run.run.short_identity() + "'");
  return fmt::format("run in ({})", fmt::join(names, ", "));
}

/// Lets the experiment draw the inputs that the sweep names, for the first few runs.
void draw(const store::Query& query, const Sweep& sweep, report::ReportData& data) {
  constexpr std::size_t kMostRuns = 12;
  if (sweep.report_keys.empty() || data.runs.empty()) return;
  PluginRegistry registry = PluginRegistry::from_environment();
  const ExperimentInfo& first = experiment_of(query, data.runs.front().run, registry);
  const ReportInputs of_first = report_inputs_of(sweep, first);
  if (first.draw_reference) data.reference = first.draw_reference(of_first);
  for (std::size_t i = 0; i < std::min(kMostRuns, data.runs.size()); ++i) {
    report::ReportedRun& run = data.runs[i];
    const ExperimentInfo& info = experiment_of(query, run.run, registry);
    const ReportInputs inputs = report_inputs_of(sweep, info);
    const auto trained = trained_run(query, info, run.run);
    if (trained && info.draw) run.drawn = info.draw(*trained, inputs);
  }
}

/// Keeps the newest samples of the first run of each setting.
void keep_newest_samples(report::ReportData& data) {
  std::set<std::string> shown;
  for (report::ReportedRun& run : data.runs) {
    std::vector<store::ArtifactRecord> newest;
    if (!run.samples.empty() && shown.insert(run.run.group_identity).second) {
      for (const store::ArtifactRecord* sample : report::parted(run.samples).newest)
        newest.push_back(*sample);
    }
    run.samples = std::move(newest);
  }
}

/// What a report is about: the runs of a sweep, those that a filter selects, or, with both, the
/// selected runs under the sweep's claims.
class Subject {
 public:
  Subject(const Options& options, const store::Query& query) : options_(options) {
    if (!options.positional().empty()) {
      const std::optional<store::SweepRecord> named = named_sweep(query, options.positional());
      is_named_ = named.has_value();
      sweep_ = named ? arguments_of(*named)
                     : read_sweep_arguments(options.positional(), options.usage());
      if (!is_selection()) record_ = named ? named : find_sweep(query, *sweep_);
    } else if (!is_selection()) {
      record_ = query.newest_sweep();
      if (record_) {
        is_named_ = true;
        sweep_ = arguments_of(*record_);
        print_message("the newest sweep: '{}'\n", printable(record_->name));
      } else {
        print_message("the store has no sweep: the report covers all runs\n");
      }
    }
  }

  report::ReportData read(const store::Query& query) const {
    store::RunSelection selection = selection_of(options_, query);
    const std::optional<std::int64_t> limit = std::exchange(selection.limit, std::nullopt);
    std::vector<store::RunRecord> runs =
        record_ ? query.runs_of_sweep(record_->id) : query.runs_by_id(query.select(selection));
    if (limit) runs = first_settings(runs, *limit);
    if (runs.empty() && !record_)
      throw Error("no run matches the filter", {}, "`epochal ls` lists all");
    std::string compare_by = options_.text("compare-by");
    if (compare_by.empty() && sweep_) compare_by = sweep_->sweep.compare_by;
    report::ReportData data = report::read_report_data(
        query, std::move(runs), compare_by, sweep_ ? sweep_->sweep.claims : std::vector<Claim>{});
    if (options_.has("newest-pictures")) keep_newest_samples(data);
    data.title = options_.has("title") ? options_.text("title") : title();
    data.command = command_line(query);
    data.selection =
        limit ? "--where " + shell_quoted(filter_of(data.runs)) + store() : listing(query);
    return data;
  }

  /// Takes seconds: for data that will be written.
  void draw_inputs(const store::Query& query, report::ReportData& data) const {
    if (sweep_) draw(query, sweep_->sweep, data);
  }

 private:
  bool is_selection() const { return options_.has("where") || options_.has("sweep"); }

  std::string title() const {
    if (sweep_) return sweep_->sweep.name;
    if (options_.has("where")) return options_.text("where");
    return options_.has("sweep") ? options_.text("sweep") : "all runs";
  }

  std::string store() const { return given(options_, {"store"}); }

  /// Options of `epochal ls` for the same runs.
  std::string listing(const store::Query& query) const {
    // The very sweep that is meant now: another may be recorded under its name.
    const std::string sweep =
        record_ ? record_->name + "@" + record_->content_hash : options_.text("sweep");
    std::string line;
    if (!sweep.empty()) line = " --sweep " + shell_quoted(query.sweep_word(sweep));
    if (!record_) line += given(options_, {"where", "sort"});
    return line.substr(std::min<std::size_t>(1, line.size())) + store();
  }

  /// The sweep as it was named, or would be.
  std::string name_in(const store::Query& query) const {
    if (!options_.positional().empty()) return options_.positional().front();
    return query.sweep_word(record_->name + "@" + record_->content_hash);
  }

  std::string command_line(const store::Query& query) const {
    std::string line = "epochal report";
    if (sweep_) line += " " + shell_quoted(name_in(query));
    const bool has_record = record_ && !is_named_;
    const auto& overrides = has_record ? record_->overrides : options_.positional();
    for (std::size_t i = has_record ? 0 : 1; i < overrides.size(); ++i) {
      line += " " + shell_quoted(overrides[i]);
    }
    line += given(options_, {"sweep", "where", "sort", "limit", "compare-by", "title"});
    if (options_.has("newest-pictures")) line += " --newest-pictures";
    return line + store() + " -o " + shell_quoted(options_.text("output", "report"));
  }

  const Options& options_;
  bool is_named_ = false;  ///< by the name under which it was recorded, not by its file
  std::optional<SweepArguments> sweep_;
  std::optional<store::SweepRecord> record_;
};

/// Adds what only the plugin knows; nothing where it is not at hand: the records stand without it.
void add_known(PluginRegistry& registry, report::ReportData& data) {
  if (!registry.contains(data.experiment)) return;
  const ExperimentInfo& info = registry.experiment(data.experiment);
  for (const ParameterSpec& spec : info.schema.specs()) data.parameter_specs[spec.name] = spec;
  data.published_steps = info.published_steps;
  data.sample_word = info.sample_word;
}

/// What changes when a report would: epochs and states.
std::string state_of(const report::ReportData& data) {
  std::string state;
  for (const report::ReportedRun& run : data.runs) {
    state +=
        fmt::format("{} {} {}\n", run.run.id.value, run.run.epochs_done, name_of(run.run.status));
  }
  return state;
}

int do_report(const Options& options) {
  const store::Query query(options.store_folder());
  const Subject subject(options, query);
  const std::filesystem::path folder = options.text("output", "report");
  const bool watches = options.has("watch");
  if (watches) stop_signal::install();

  PluginRegistry registry = PluginRegistry::from_environment();
  std::string written;
  for (bool goes_on = true; goes_on;) {
    report::ReportData data = subject.read(query);
    goes_on = watches && stop_signal::count() == 0 && is_busy(query);
    add_known(registry, data);
    data.program_version = kProgramVersion;
    data.is_growing = goes_on;
    // The last page says that the report is complete.
    if (const std::string state = state_of(data) + (goes_on ? "growing" : ""); state != written) {
      subject.draw_inputs(query, data);
      report::write_report(data, folder);
      if (options.has("pdf")) report::print_to_pdf(folder / "index.html", folder / "report.pdf");
      if (written.empty()) std::cout << (folder / "index.html").string() << '\n' << std::flush;
      written = state;
    }
    if (goes_on) std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  if (stop_signal::count() == 0 || !is_busy(query)) return kAllGood;
  print_message("stopped watching while runs go on; the report shows the current state\n");
  return kWorkLeft;
}

}  // namespace

Command report_command() {
  Options options(
      "report [SWEEP | SWEEP.toml [KEY=VALUE…]] [--where FILTER] [-o DIR]",
      "Writes index.html (one self-contained file), report.md, figures and samples into a folder\n"
      "and prints the path of the page. The report covers the runs of a sweep, or the runs that\n"
      "--where selects. A sweep is named by its file or by its recorded name; the default is the\n"
      "newest sweep. With a sweep and --where, it judges the sweep's claims on the selected runs.");
  options.store();
  add_selection(options);
  options.value("output,o", "DIR", "the report's folder (default ./report)")
      .value("compare-by", "NAME", "parameter to compare by (default: the sweep's)")
      .value("title", "TEXT", "the report's title (default: the sweep's name)")
      .flag("pdf", "also write report.pdf (needs chromium)")
      .flag("newest-pictures",
            "show only the newest samples, of one seed of each setting: a smaller report")
      .flag("watch", "update the report while runs go on, until none is running");
  return {"write the report of a sweep, or of any runs", std::move(options), do_report};
}

}  // namespace epochal::app
