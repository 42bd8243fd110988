// Tables of results: values, claims, findings, notes, errors.

#include <fmt/format.h>

#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "framework/base/text_lines.h"
#include "reports/claims.h"
#include "reports/findings.h"
#include "reports/page/report_tables.h"
#include "reports/run_state.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/importance.h"

namespace epochal::report {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

std::string optional_number(const std::optional<double>& value) {
  return value ? format_number(*value) : "";
}

std::string_view chance_text(const Importance& importance) {
  constexpr double kLevelOfShares = 0.05;
  if (!importance.p) return " (not tested)";
  return *importance.p > kLevelOfShares ? " (may be chance)" : "";
}

}  // namespace

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
    row["seed"] = std::to_string(run.run.seed);
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

list group_rows(const ReportData& report) {
  std::vector<store::RunRecord> records;
  for (const ReportedRun& run : report.runs) records.push_back(run.run);
  list rows;
  for (const ReportedSetting& group : first_rows(report.settings)) {
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
    row["has_noise"] = data(!judged.noise_floor.empty());
    row["noise"] = printable(judged.noise_floor, 1000);
    row["has_runs"] = data(!judged.runs.empty());
    row["runs"] = fmt::format("{}", fmt::join(judged.runs, ", "));
    rows.push_back(data(row));
  }
  return rows;
}

list importance_rows(const ReportData& report) {
  list rows;
  const ComparableRuns comparable = comparable_runs(report, report.main_metric);
  for (const ComparableSet& set : std::span(comparable.sets).first(shown_sets(comparable))) {
    for (const Importance& importance : importance_of(report, set.runs)) {
      object row;
      row["name"] = set.where.empty() ? importance.parameter
                                      : fmt::format("{} ({})", importance.parameter, set.where);
      row["share"] = fmt::format("{:.0f} %{}", 100 * importance.share, chance_text(importance));
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

list note_rows(const ReportData& report) {
  list rows;
  for (const ReportedRun& run : first_rows(report.runs)) {
    std::vector<std::string> words;
    for (const auto& [name, value] : run.tags) {
      words.push_back(value.empty() ? printable(name)
                                    : fmt::format("{} = {}", printable(name), printable(value)));
    }
    for (const store::NoteRecord& note : run.notes) {
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

/// The lines of an error after the first: the end of a log.
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

}  // namespace epochal::report
