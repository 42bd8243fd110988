// ReportData -> a folder with index.html, report.md, figures and samples.

#include "reports/page/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <kainjow/mustache.hpp>
#include <set>
#include <span>
#include <sstream>

#include "framework/base/disk_full.h"
#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "framework/base/shell_word.h"
#include "framework/base/text_lines.h"
#include "framework/system/unfinished_folder.h"
#include "report_html.h"
#include "report_md.h"
#include "reports/claims.h"
#include "reports/figures/figures.h"
#include "reports/figures/plot.h"
#include "reports/findings.h"
#include "reports/page/data_uri.h"
#include "reports/page/page_policy.h"
#include "reports/page/sample_section.h"
#include "reports/run_state.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/importance.h"
#include "reports/statistics/replicates.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;
using kainjow::mustache::object;

std::string seed_text(const RunRecord& run) {
  return std::to_string(run.seed);
}

std::string optional_number(const std::optional<double>& value) {
  return value ? format_number(*value) : "";
}

std::string summary_of(const ReportData& report) {
  const auto unfinished = std::count_if(report.runs.begin(), report.runs.end(),
                                        [](const ReportedRun& run) { return is_unfinished(run); });
  const auto count = report.runs.size();
  Seconds total{0};
  for (const ReportedRun& run : report.runs) total += run.run.trained;
  std::string text =
      fmt::format("{} run{} of the experiment {}", count, count == 1 ? "" : "s", report.experiment);
  if (!report.compare_by.empty()) text += ", compared by " + report.compare_by;
  text += unfinished == 0 ? "; all finished" : fmt::format("; {} unfinished", unfinished);
  return text + fmt::format("; {} of training recorded.", format_duration(total));
}

list heads(const std::vector<std::string>& texts) {
  list result;
  for (const std::string& text : texts) result.push_back(data(text));
  return result;
}

/// More rows than this nobody reads, and they make the page heavy.
constexpr std::size_t kMostRows = 1000;

template <typename Row>
std::span<const Row> first_rows(const std::vector<Row>& rows) {
  return std::span(rows).first(std::min(rows.size(), kMostRows));
}

/// Which runs and metrics a reader does not see in the tables; empty where all are there.
std::string rows_left_out(const ReportData& report) {
  std::vector<std::string> words;
  if (report.runs.size() > kMostRows) {
    words.push_back(fmt::format("{} of {} runs", format_count(kMostRows),
                                format_count(static_cast<std::int64_t>(report.runs.size()))));
  }
  if (report.metrics_left_out > 0) {
    words.push_back(fmt::format(
        "{} of {} metrics", report.metrics.size(),
        format_count(static_cast<std::int64_t>(report.metrics.size() + report.metrics_left_out))));
  }
  if (words.empty()) return {};
  return fmt::format(
      "The tables and figures show {}. `epochal export --to csv FOLDER` writes all of them.",
      fmt::join(words, " and "));
}

list run_rows(const ReportData& report) {
  list rows;
  for (const ReportedRun& run : first_rows(report.runs)) {
    object row;
    row["identity"] = run.run.short_identity();
    row["label"] = run.label;
    row["setting"] = run.setting;
    row["seed"] = seed_text(run.run);
    row["state"] = state_of(run);
    row["is_unfinished"] = data(is_unfinished(run));
    list values;
    for (const std::string& metric : report.metrics) {
      values.push_back(data(optional_number(last_value(run, metric))));
    }
    row["metrics"] = data(values);
    list bests;
    for (const std::string& metric : report.metrics) {
      const auto best = best_epoch(run, metric, report.declarations);
      bests.push_back(data(best ? fmt::format("{} ({})", format_number(best->value), best->epoch)
                                : std::string()));
    }
    row["bests"] = data(bests);
    rows.push_back(data(row));
  }
  return rows;
}

/// Only finished replicates of one length are averaged; a cell that has fewer says so.
list group_rows(const ReportData& report) {
  std::vector<RunRecord> records;
  for (const ReportedRun& run : report.runs) records.push_back(run.run);
  list rows;
  for (const ReportedGroup& group : first_rows(report.groups)) {
    object row;
    row["label"] = group.label;
    row["count"] = std::to_string(group.runs.size());
    const std::vector<std::size_t> averaged =
        group.runs.size() == 1 ? group.runs : averaged_runs(records, group.runs);
    const Epoch length = averaged.empty() ? 0 : records[averaged.front()].epochs_done;
    list values;
    for (const std::string& metric : report.metrics) {
      std::vector<double> last;
      for (const std::size_t index : averaged) {
        if (const auto value = last_value(report.runs[index], metric)) last.push_back(*value);
      }
      values.push_back(data(average_text(last, group.runs.size(), length)));
    }
    row["metrics"] = data(values);
    rows.push_back(data(row));
  }
  return rows;
}

list claim_rows(const ReportData& report) {
  list rows;
  for (const Claim& claim : report.claims) {
    const JudgedClaim judged = judge(claim, report);
    object row;
    row["text"] = printable(judged.text, 600);
    row["verdict"] = std::string(name_of(judged.verdict));
    row["rule"] = printable(judged.rule, 1000);
    list numbers;
    for (const std::string& number : judged.numbers)
      numbers.push_back(data(printable(number, 1000)));
    row["numbers"] = data(numbers);
    row["has_runs"] = data(!judged.runs.empty());
    row["runs"] = fmt::format("{}", fmt::join(judged.runs, ", "));
    rows.push_back(data(row));
  }
  return rows;
}

/// Each set of runs that compare by itself.
list importance_rows(const ReportData& report) {
  list rows;
  const ComparableRuns comparable = comparable_runs(report, report.main_metric);
  for (const ComparableSet& set : std::span(comparable.sets).first(shown_sets(comparable))) {
    for (const Importance& importance : importance_of(report, set.runs)) {
      object row;
      row["name"] = set.where.empty() ? importance.parameter
                                      : fmt::format("{} ({})", importance.parameter, set.where);
      row["share"] = fmt::format("{:.0f} %", 100 * importance.share);
      rows.push_back(data(row));
    }
  }
  return rows;
}

list finding_rows(const ReportData& report) {
  list rows;
  for (const std::string& finding : findings_of(report))
    rows.push_back(data(printable(finding, 2000)));
  return rows;
}

/// What people put on the runs.
list note_rows(const ReportData& report) {
  list rows;
  for (const ReportedRun& run : first_rows(report.runs)) {
    std::vector<std::string> words;
    for (const auto& [name, value] : run.tags) {
      words.push_back(value.empty() ? printable(name)
                                    : fmt::format("{} = {}", printable(name), printable(value)));
    }
    for (const NoteRecord& note : run.notes) {
      words.push_back(fmt::format("{}: {}", format_time(note.at), printable(note.text, 2000)));
    }
    if (words.empty()) continue;
    object row;
    row["identity"] = run.run.short_identity();
    row["label"] = run.label;
    row["text"] = fmt::format("{}", fmt::join(words, "; "));
    rows.push_back(data(row));
  }
  return rows;
}

/// What an error says behind its first line: the end of a log.
list log_lines(const std::string& error) {
  list lines;
  std::istringstream text(further_lines(error, ""));
  for (std::string line; std::getline(text, line);) {
    object row;
    row["line"] = line;
    lines.push_back(data(row));
  }
  return lines;
}

list error_rows(const ReportData& report) {
  list rows;
  for (const ReportedRun& run : first_rows(report.runs)) {
    if (run.run.error.empty()) continue;
    object row;
    row["identity"] = run.run.short_identity();
    row["label"] = run.label;
    row["error"] = printable(first_line(run.run.error));
    const list log = log_lines(run.run.error);
    row["has_log"] = data(!log.empty());
    row["log"] = data(log);
    rows.push_back(data(row));
  }
  return rows;
}

std::string text_of(const ReportData& report, const ReportedRun& run,
                    const std::string& parameter) {
  const ParameterValue* value = run.run.parameters.find(parameter);
  if (value == nullptr) return "";
  const auto spec = report.parameter_specs.find(parameter);
  const bool is_known = spec != report.parameter_specs.end();
  const std::string text = printable(is_known ? spec->second.text_of(*value) : to_text(*value));
  const auto chosen = run.choices.find(parameter);
  return chosen == run.choices.end() ? text
                                     : fmt::format("{} ({})", text, printable(chosen->second, 80));
}

/// "20 at 100, 32 at 1000" for a parameter that goes with the one that is compared, "20, 32" for
/// another; one value where all runs have the same.
std::string values_text(const ReportData& report, const std::string& name) {
  std::vector<std::string> values;
  std::vector<std::string> at;  // the compared parameter's value of each
  bool goes_along = !report.compare_by.empty() && name != report.compare_by;
  for (const ReportedRun& run : report.runs) {
    const std::string value = text_of(report, run, name);
    const std::string place = text_of(report, run, report.compare_by);
    const auto known = std::find(at.begin(), at.end(), place);
    if (goes_along && known != at.end()) {
      goes_along = values[static_cast<std::size_t>(known - at.begin())] == value;
    }
    if (known == at.end() || !goes_along) {
      values.push_back(value);
      at.push_back(place);
    }
  }
  std::vector<std::string> distinct;
  for (const std::string& value : values) {
    if (std::find(distinct.begin(), distinct.end(), value) == distinct.end()) {
      distinct.push_back(value);
    }
  }
  if (!goes_along || distinct.size() == 1) return fmt::format("{}", fmt::join(distinct, ", "));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += " at " + at[i];
  return fmt::format("{}", fmt::join(values, ", "));
}

list parameter_rows(const ReportData& report) {
  std::set<std::string> names;
  for (const ReportedRun& run : report.runs) {
    for (const auto& [name, value] : run.run.parameters.all()) names.insert(name);
  }
  list rows;
  for (const std::string& name : names) {
    object row;
    row["name"] = name;
    row["value"] = values_text(report, name);
    const auto spec = report.parameter_specs.find(name);
    row["unit"] = spec == report.parameter_specs.end() ? "" : spec->second.unit;
    row["doc"] = spec == report.parameter_specs.end() ? "" : spec->second.doc;
    rows.push_back(data(row));
  }
  return rows;
}

std::string joined(const std::set<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, ", "));
}

object time_row(const ReportedRun& run) {
  Seconds total{0};
  Seconds training{0};
  Seconds waiting{0};
  double samples = 0;
  Bytes host_memory = 0;
  Bytes device_memory = 0;
  for (const EpochRecord& epoch : run.epochs) {
    total += epoch.seconds;
    training += epoch.train_seconds;
    waiting += epoch.data_wait_seconds;
    samples += static_cast<double>(epoch.samples);
    host_memory = std::max(host_memory, epoch.peak_host_memory.value_or(0));
    device_memory = std::max(device_memory, epoch.peak_device_memory.value_or(0));
  }
  std::set<std::string> devices;
  std::set<std::string> threads;
  for (const AttemptRecord& attempt : run.attempts) {
    if (!attempt.device.empty()) devices.insert(printable(attempt.device));
    threads.insert(std::to_string(attempt.threads));
  }
  const auto count = static_cast<double>(run.epochs.size());
  object row;
  row["label"] = run.label;
  row["state"] = state_of(run);
  row["is_unfinished"] = data(is_unfinished(run));
  row["total"] = format_duration(total);
  row["per_epoch"] = format_duration(total / count);
  row["rate"] = training.count() > 0 ? format_number(samples / training.count()) : "";
  row["wait"] = training.count() > 0 ? fmt::format("{:.1f} %", 100 * (waiting / training)) : "";
  row["memory"] = host_memory > 0 ? format_bytes(host_memory) : "";
  if (device_memory > 0) {
    row["memory"] =
        fmt::format("{} (device {})", row["memory"].string_value(), format_bytes(device_memory));
  }
  row["device"] = joined(devices);
  row["threads"] = joined(threads);
  row["attempts"] = std::to_string(run.attempts.size());
  return row;
}

list time_rows(const ReportData& report) {
  list rows;
  for (const ReportedRun& run : first_rows(report.runs)) {
    if (!run.epochs.empty()) rows.push_back(data(time_row(run)));
  }
  return rows;
}

/// Runs that went on elsewhere: their epochs are not of one machine, nor their times comparable.
list moves(const ReportData& report) {
  list result;
  for (const ReportedRun& run : report.runs) {
    const AttemptRecord* before = nullptr;
    for (const AttemptRecord& attempt : run.attempts) {
      if (!attempt.first_epoch) continue;
      const bool has_moved = before != nullptr && (before->host.name != attempt.host.name ||
                                                   before->device != attempt.device);
      if (has_moved) {
        object move;
        move["label"] = run.label;
        move["epoch"] = std::to_string(*attempt.first_epoch);
        move["from"] = printable(fmt::format("{} of {}", before->device, before->host.name));
        move["to"] = printable(fmt::format("{} of {}", attempt.device, attempt.host.name));
        result.push_back(data(move));
      }
      before = &attempt;
    }
  }
  return result;
}

list host_rows(const ReportData& report) {
  list rows;
  std::set<std::string> seen;
  for (const ReportedRun& run : report.runs) {
    for (const AttemptRecord& attempt : run.attempts) {
      const HostRecord& host = attempt.host;
      std::vector<std::string> libraries;
      for (const auto& [name, version] : attempt.libraries) {
        libraries.push_back(name + " " + version);
      }
      object row;
      row["name"] = printable(host.name);
      row["cpu"] = printable(host.cpu);
      row["cores"] = std::to_string(host.cores);
      row["memory"] = format_bytes(host.memory_bytes);
      row["gpu"] = host.gpu.empty() ? "none"
                                    : fmt::format("{}, {}, driver {}", printable(host.gpu),
                                                  format_bytes(host.gpu_memory_bytes.value_or(0)),
                                                  printable(host.gpu_driver));
      row["os"] = printable(host.os);
      row["libraries"] = printable(fmt::format("{}", fmt::join(libraries, ", ")));
      std::string key;
      for (const auto& [name, value] : row) key += value.string_value() + '\n';
      if (seen.insert(key).second) rows.push_back(data(row));
    }
  }
  return rows;
}

/// An underscore between letters, as in names of parameters, means nothing in Markdown.
bool is_within_a_word(const std::string& text, std::size_t at) {
  const auto is_letter = [&](std::size_t index) {
    return index < text.size() && std::isalnum(static_cast<unsigned char>(text[index])) != 0;
  };
  return at > 0 && is_letter(at - 1) && is_letter(at + 1);
}

std::string markdown_escaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_mark = std::string_view("\\`*<>[]|#&~").find(c) != std::string_view::npos ||
                         (c == '_' && !is_within_a_word(text, i));
    if (is_mark) result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

void add_figures(const ReportData& report, const fs::path& folder, data& page) {
  const std::vector<Figure> figures = figures_of(report);
  std::vector<Plot> plots;
  for (const Figure& figure : figures) plots.push_back(figure.plot);
  draw(plots, folder);

  list comparisons;
  list costs;
  list runs;
  for (const Figure& figure : figures) {
    object entry;
    entry["caption"] = figure.caption;
    entry["name"] = figure.plot.name;
    entry["svg"] = data_uri(folder / (figure.plot.name + ".svg"), "image/svg+xml");
    list& section = figure.section == FigureSection::run    ? runs
                    : figure.section == FigureSection::cost ? costs
                                                            : comparisons;
    section.push_back(data(entry));
  }
  page.set("has_figures", !comparisons.empty());
  page.set("costs", costs);
  page.set("has_run_figures", !runs.empty());
  page.set("comparisons", comparisons);
  page.set("run_figures", runs);
}

std::string code_versions(const ReportData& report) {
  std::set<std::string> versions;
  for (const ReportedRun& run : report.runs) versions.insert(printable(run.run.code_version));
  return joined(versions);
}

/// Which builds of their experiment made the runs; empty where the records do not say.
std::string builds(const ReportData& report) {
  std::set<std::string> builds;
  for (const ReportedRun& run : report.runs) {
    for (const AttemptRecord& attempt : run.attempts) {
      const bool has_made_some = attempt.first_epoch && !attempt.build.empty();
      if (has_made_some) {
        builds.insert(
            printable(fmt::format("{} of {}", attempt.build.substr(0, 12), run.run.experiment)));
      }
    }
  }
  return joined(builds);
}

/// Options of `epochal ls` whose table is one of the report's: its columns, its runs, its order.
std::string listing_of(const ReportData& report, const std::vector<std::string>& first,
                       const std::vector<std::string>& statistics) {
  std::vector<std::string> columns = first;
  for (const std::string& metric : report.metrics) {
    for (const std::string& statistic : statistics) {
      columns.push_back(fmt::format("metrics.`{}`{}", metric, statistic));
    }
  }
  return fmt::format("--columns {} {}", shell_quoted(fmt::format("{}", fmt::join(columns, ","))),
                     report.selection);
}

void render(std::string_view text, data& page, const fs::path& file,
            const mustache::escape_handler& escape) {
  mustache page_template{std::string(text)};
  if (!page_template.is_valid()) throw std::logic_error(page_template.error_message());
  if (escape) page_template.set_custom_escape(escape);
  write_file(file, page_template.render(page));
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw_write_error(error, folder, "choose another folder with -o");
}

void write_into(const fs::path& folder, const ReportData& report) {
  const fs::path figures = folder / "figures";
  make_folder(figures);

  data page;
  page.set("title", printable(report.title));
  page.set("summary", summary_of(report));
  page.set("metric_heads", heads(report.metrics));
  page.set("main_metric", report.main_metric);
  page.set("rows_left_out", rows_left_out(report));
  page.set("runs", run_rows(report));
  page.set("groups", group_rows(report));
  page.set("has_groups", !report.groups.empty());
  const list notes = note_rows(report);
  page.set("has_notes", !notes.empty());
  page.set("notes", notes);
  const list errors = error_rows(report);
  page.set("has_errors", !errors.empty());
  page.set("errors", errors);
  page.set("findings", finding_rows(report));
  const list claims = claim_rows(report);
  page.set("has_claims", !claims.empty());
  page.set("claims", claims);
  const list importance = importance_rows(report);
  page.set("has_importance", !importance.empty());
  page.set("importance", importance);
  add_figures(report, figures, page);
  add_samples(report, folder, page);
  page.set("parameters", parameter_rows(report));
  const list hosts = host_rows(report);
  page.set("has_hardware", !hosts.empty());
  page.set("times", time_rows(report));
  page.set("moves", moves(report));
  page.set("hosts", hosts);
  // They stand in code, where nothing is escaped for Markdown: no line may end in them.
  constexpr std::size_t kLongestCommand = 8000;
  page.set("command", printable(report.command, kLongestCommand));
  page.set("selection", printable(report.selection, kLongestCommand));
  std::vector<std::string> setting;
  for (const std::string& name : report.varying) setting.push_back("params.`" + name + "`");
  const auto listed = [&](const char* key, std::vector<std::string> first,
                          const std::vector<std::string>& statistics) {
    first.insert(first.begin() + 1, setting.begin(), setting.end());
    page.set(key, printable(listing_of(report, first, statistics), kLongestCommand));
  };
  listed("listed_results", {"run", "seed", "status", "epochs"}, {""});
  listed("listed_bests", {"run", "seed"}, {".best", ".best_epoch"});
  listed("listed_groups", {"run", "seed"}, {""});
  page.set("is_growing", report.is_growing);
  page.set("written", format_time(now()));
  page.set("version", report.program_version);
  page.set("code_versions", code_versions(report));
  page.set("builds", builds(report));

  page.set("policy", page_policy(embedded::report_html));
  render(embedded::report_html, page, folder / "index.html", {});
  render(embedded::report_md, page, folder / "report.md", markdown_escaped);
}

}  // namespace

namespace {

/// A page of somebody else's is not overwritten. All reports end with who wrote them.
void check_is_ours(const fs::path& page) {
  std::ifstream in(page, std::ios::binary);
  if (!in) return;
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (text.empty() || text.find("by epochal ") != std::string::npos) return;
  throw Error("this page is none of epochal's, and would be overwritten", page,
              "choose another folder with -o");
}

}  // namespace

void write_report(const ReportData& report, const fs::path& folder) {
  if (report.runs.empty()) {
    throw Error(fmt::format("there are no runs of '{}' in this store", printable(report.title, 80)),
                report.store, "run it first with `epochal run`");
  }
  require_gnuplot();
  check_is_ours(folder / "index.html");
  // Whoever reads the page while it is made again sees the old one whole, and keeps it if the new
  // one cannot be written.
  const UnfinishedFolder unfinished(folder, "choose another folder with -o");
  try {
    write_into(unfinished.path(), report);
  } catch (const DiskFull&) {
    throw DiskFull(folder);  // by the name that the user knows
  }
  unfinished.move_into_place();
}

}  // namespace epochal
