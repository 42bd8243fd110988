// Writes ReportData as a folder with index.html, report.md, figures and samples.

#include "reports/page/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "charts_script.h"
#include "compare_samples_script.h"
#include "dygraph_script.h"
#include "dygraph_style.h"
#include "framework/base/disk_full.h"
#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "framework/base/shell_words.h"
#include "framework/system/unfinished_folder.h"
#include "framework/system/whole_file.h"
#include "report_html.h"
#include "report_md.h"
#include "reports/figures/figures.h"
#include "reports/figures/plot.h"
#include "reports/page/chart_data.h"
#include "reports/page/data_uri.h"
#include "reports/page/markdown.h"
#include "reports/page/page_policy.h"
#include "reports/page/report_tables.h"
#include "reports/page/sample_section.h"
#include "reports/run_state.h"

namespace epochal::report {

namespace fs = std::filesystem;

namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;
using kainjow::mustache::object;

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
  text += fmt::format("; {} of training recorded.", format_duration(total));
  if (report.implied.empty()) return text;
  return text + fmt::format(
                    " Names leave out {}: {} and the length of the training decide {} (see "
                    "Hyper-parameters).",
                    fmt::join(report.implied, ", "), report.compare_by,
                    report.implied.size() == 1 ? "it" : "them");
}

list heads(const std::vector<std::string>& texts) {
  list result;
  for (const std::string& text : texts) result.push_back(data(text));
  return result;
}

/// Sets `key` to the rows, and has_`key` to whether there are any.
void add_table(data& page, const std::string& key, const list& rows) {
  page.set("has_" + key, !rows.empty());
  page.set(key, rows);
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
    if (const std::string chart = chart_data(figure.plot); !chart.empty()) entry["chart"] = chart;
    entry["svg"] = data_uri(folder / (figure.plot.name + ".svg"), "image/svg+xml");
    list& section = figure.section == FigureSection::run    ? runs
                    : figure.section == FigureSection::cost ? costs
                                                            : comparisons;
    section.push_back(data(entry));
  }
  page.set("costs", costs);
  add_table(page, "comparisons", comparisons);
  add_table(page, "run_figures", runs);
}

/// Options with which `epochal ls` prints a table of the report: its columns, runs and order.
std::string listing_of(const ReportData& report, const std::vector<std::string>& first,
                       const std::vector<std::string>& statistics) {
  std::vector<std::string> columns = first;
  for (const std::string& metric : report.metrics) {
    for (const std::string& statistic : statistics) {
      columns.push_back(store::quoted_field("metrics", metric) + statistic);
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
  add_table(page, "groups", group_rows(report));
  add_table(page, "notes", note_rows(report));
  add_table(page, "errors", error_rows(report));
  page.set("findings", finding_rows(report));
  add_table(page, "claims", claim_rows(report));
  add_table(page, "importance", importance_rows(report));
  add_figures(report, figures, page);
  add_samples(report, folder, page);
  page.set("parameters", parameter_rows(report));
  page.set("times", time_rows(report));
  page.set("sample_word", printable(report.sample_word, 40));
  page.set("moves", moves(report));
  add_table(page, "hosts", host_rows(report));
  // They are in code blocks, which are not escaped in Markdown, so they must not contain line
  // breaks.
  constexpr std::size_t kLongestCommand = 8000;
  page.set("command", printable(report.command, kLongestCommand));
  page.set("selection", printable(report.selection, kLongestCommand));
  std::vector<std::string> setting;
  for (const std::string& name : report.varying)
    setting.push_back(store::quoted_field("params", name));
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

  const std::vector<std::string_view> scripts{embedded::dygraph_script, embedded::charts_script,
                                              embedded::compare_samples_script};
  page.set("dygraphs", std::string(scripts[0]));
  page.set("charts_script", std::string(scripts[1]));
  page.set("compare_samples_script", std::string(scripts[2]));
  page.set("dygraph_css", std::string(embedded::dygraph_style));
  page.set("policy", page_policy(scripts));
  render(embedded::report_html, page, folder / "index.html", {});
  render(embedded::report_md, page, folder / "report.md", markdown_escaped);
}

/// Throws Error rather than overwriting a page of another program. All reports name epochal at the
/// end.
void check_is_ours(const fs::path& page) {
  const std::string text = whole_file(page);
  if (text.empty() || text.find("by epochal ") != std::string::npos) return;
  throw Error("this page was not written by epochal and would be overwritten", page,
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
  // A reader sees the old page until the new one is complete, and keeps it if the new one cannot be
  // written.
  const UnfinishedFolder unfinished(folder, "choose another folder with -o");
  try {
    write_into(unfinished.path(), report);
  } catch (const DiskFull&) {
    throw DiskFull(folder);  // with the name that the user knows
  }
  unfinished.move_into_place();
}

}  // namespace epochal::report
