// `epochal best`: which run did best, for each value of a parameter.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "db/query.h"
#include "framework/app/command.h"
#include "framework/app/selection_options.h"
#include "framework/app/text_table.h"
#include "framework/plugin/message.h"
#include "framework/plugin/nearest_name.h"
#include "framework/plugin/printable.h"
#include "reports/human_format.h"
#include "reports/replicates.h"
#include "reports/report_data.h"
#include "reports/run_listing.h"

namespace epochal {
namespace {

using Align = TextTable::Align;

/// The runs that share a value, with each one's best.
struct Group {
  std::vector<double> values;
  std::size_t best_run = 0;
  double best = 0;
  Epoch epoch = 0;
};

/// Numbers by size, then texts by letters.
struct ByValue {
  bool operator()(const CellValue& a, const CellValue& b) const {
    return number(a) != number(b) ? number(a) < number(b) : a < b;
  }
  static double number(const CellValue& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    const auto* real = std::get_if<double>(&value);
    return real != nullptr && !std::isnan(*real) ? *real : std::numeric_limits<double>::infinity();
  }
};

using Groups = std::map<CellValue, Group, ByValue>;

/// The best ones, as many as are wanted, in the order of their values.
std::vector<Groups::const_iterator> best_lines(const Groups& groups,
                                               const std::optional<std::int64_t>& limit,
                                               bool highest) {
  std::vector<Groups::const_iterator> lines;
  for (auto group = groups.begin(); group != groups.end(); ++group) lines.push_back(group);
  if (!limit || lines.size() <= static_cast<std::size_t>(*limit)) return lines;
  std::stable_sort(lines.begin(), lines.end(), [&](const auto& a, const auto& b) {
    return highest ? a->second.best > b->second.best : a->second.best < b->second.best;
  });
  lines.resize(static_cast<std::size_t>(*limit));
  std::sort(lines.begin(), lines.end(),
            [](const auto& a, const auto& b) { return ByValue()(a->first, b->first); });
  return lines;
}

std::string metric_of(const Options& options, const RunListing& listing) {
  const std::vector<std::string> known = listing.metrics();
  std::string metric = options.text("metric", main_metric(known));
  if (metric.starts_with("metrics.")) metric = metric.substr(8);
  if (std::find(known.begin(), known.end(), metric) != known.end()) return metric;
  throw Error(metric.empty() ? std::string("no run has a metric yet")
                             : fmt::format("no run has the metric '{}'", printable(metric, 80)),
              "--metric", known.empty() ? "" : name_hint(metric, known));
}

int best(const Options& options) {
  const Query query(options.store_folder());
  RunSelection selection = selection_of(options, query);
  const std::optional<std::int64_t> limit = std::exchange(selection.limit, std::nullopt);
  const RunListing listing(query, query.select(selection));
  const std::string metric = metric_of(options, listing);
  const bool highest = options.has("highest");
  std::optional<ListedColumn> by;
  if (options.has("by")) {
    const std::string name = options.text("by");
    const bool is_parameter = name.find('.') == std::string::npos;
    by = listing.column(is_parameter ? "params.`" + name + "`" : name);
  }
  Groups groups;
  std::size_t never_finite = 0;
  for (std::size_t run = 0; run < listing.runs().size(); ++run) {
    const MetricSummary* summary = listing.metric(metric, run);
    if (summary == nullptr) continue;
    const std::optional<double> value = highest ? summary->highest : summary->lowest;
    if (!value) {
      ++never_finite;
      continue;
    }
    Group& group = groups[by ? listing.value(*by, run) : CellValue()];
    const bool is_better =
        group.values.empty() || (highest ? *value > group.best : *value < group.best);
    group.values.push_back(*value);
    if (!is_better) continue;
    group.best = *value;
    group.best_run = run;
    group.epoch = highest ? summary->highest_epoch : summary->lowest_epoch;
  }

  TextTable table;
  if (by) table.add_column(by->field.name, Align::right);
  table.add_column("run");
  for (const char* name : {"seed", "epoch"}) table.add_column(name, Align::right);
  table.add_column(metric, Align::right);
  table.add_column("of all", Align::right);
  table.add_column("runs", Align::right);
  for (const auto& line : best_lines(groups, limit, highest)) {
    const auto& [value, group] = *line;
    const RunRecord& run = listing.runs()[group.best_run];
    std::vector<std::string> row;
    if (by) row.push_back(printable(shown_value(*by, value), 60));
    row.insert(row.end(),
               {run.short_identity(), std::to_string(run.seed), std::to_string(group.epoch),
                format_number(group.best), format_spread(*spread_of(group.values)),
                std::to_string(group.values.size())});
    table.add_row(std::move(row));
  }
  table.print(std::cout);
  if (never_finite > 0) {
    print_message("{} {} no finite {} and {} left out\n", never_finite,
                  never_finite == 1 ? "run has" : "runs have", metric,
                  never_finite == 1 ? "is" : "are");
  }
  return kAllGood;
}

}  // namespace

Command best_command() {
  Options options("best [--metric NAME] [--by PARAMETER]",
                  "Shows the run and the epoch at which a metric was lowest, for each value of a\n"
                  "parameter, beside the mean and spread of all runs with that value.");
  options.store()
      .value("metric", "NAME", "the metric (default: val.total or what comes closest)")
      .value("by", "PARAMETER", "one line for each of its values; metrics.… and run fields too")
      .flag("highest", "the highest value is the best");
  add_selection(options);
  return {"which run did best, by the values of a parameter", std::move(options), best};
}

}  // namespace epochal
