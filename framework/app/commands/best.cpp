// `epochal best`: the best run for each value of a parameter.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <utility>

#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/selection_options.h"
#include "framework/app/text_table.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"
#include "reports/report_data.h"
#include "reports/run_listing.h"
#include "reports/run_state.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/series.h"
#include "reports/statistics/settings.h"

namespace epochal::app {
namespace {

using Align = TextTable::Align;

/// Numbers by size, then texts by letters. 1 and 1.0 are the same value.
struct ByValue {
  bool operator()(const store::CellValue& a, const store::CellValue& b) const {
    return number(a) != number(b) ? number(a) < number(b) : plain(a) < plain(b);
  }
  bool operator()(const std::vector<store::CellValue>& a,
                  const std::vector<store::CellValue>& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), ByValue());
  }
  static double number(const store::CellValue& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    const auto* real = std::get_if<double>(&value);
    return real != nullptr && !std::isnan(*real) ? *real : std::numeric_limits<double>::infinity();
  }
  static store::CellValue plain(const store::CellValue& value) {
    constexpr double kMost = 9007199254740992;  // up to here every whole number is a double
    const auto* real = std::get_if<double>(&value);
    const bool is_whole = real != nullptr && std::abs(*real) <= kMost && std::trunc(*real) == *real;
    return is_whole ? store::CellValue(static_cast<std::int64_t>(*real)) : value;
  }
};

/// The comparable runs that share a value, with the best of them.
struct Group {
  std::vector<double> values;
  std::size_t best_run = 0;
  double best = 0;
  Epoch epoch = 0;
};

std::string metric_of(const Options& options, const report::RunListing& listing) {
  const std::vector<std::string> known = listing.metrics();
  std::string metric =
      options.text("metric", report::main_metric(known, listing.runs(), listing.declarations()));
  if (metric.starts_with("metrics.")) metric = metric.substr(8);
  if (std::find(known.begin(), known.end(), metric) != known.end()) return metric;
  throw Error(metric.empty() ? std::string("no run has a metric yet")
                             : fmt::format("no run has the metric '{}'", printable(metric, 80)),
              "--metric", known.empty() ? "" : name_hint(metric, known));
}

/// What the user says, or else what the experiments of all runs with the metric declare.
Better direction_of(const Options& options, const report::RunListing& listing,
                    const std::string& metric) {
  options.refuse_together({"highest", "lowest"});
  if (options.has("highest")) return Better::higher;
  if (options.has("lowest")) return Better::lower;
  std::optional<Better> common;
  std::string undeclared;
  for (std::size_t run = 0; run < listing.runs().size(); ++run) {
    if (listing.metric(metric, run) == nullptr) continue;
    const std::optional<Better> declared = listing.better(metric, run);
    if (!declared) undeclared = listing.runs()[run].experiment;
    if (common && declared && *common != *declared) {
      throw Error(
          fmt::format("the experiments disagree on whether a lower or a higher '{}' is better",
                      printable(metric, 80)),
          {}, "select one of them with --where \"experiment = '…'\"");
    }
    if (declared) common = declared;
  }
  if (common) return *common;
  throw Error(
      fmt::format("the experiment '{}' does not declare whether a lower or a higher '{}' is "
                  "better",
                  printable(undeclared, 80), printable(metric, 80)),
      {}, "add --lowest or --highest");
}

/// The steps or images at which the values are taken.
std::optional<store::EpochTotals> moment_of(const Options& options) {
  options.refuse_together({"at-step", "at-images"});
  store::EpochTotals moment{std::nullopt, std::nullopt};
  if (options.has("at-step")) moment.steps = options.count("at-step");
  if (options.has("at-images")) moment.images = options.count("at-images");
  return moment.steps || moment.images ? std::optional(moment) : std::nullopt;
}

/// Columns for the fields that make the runs' values of a metric incomparable.
std::vector<report::ListedColumn> columns_of_kind(const report::RunListing& listing,
                                                  const std::string& metric,
                                                  const std::vector<std::size_t>& runs) {
  store::KindDifferences differences;
  for (const std::size_t run : runs) differences.add(listing.kind(metric, run));
  std::vector<report::ListedColumn> columns;
  for (const std::string& field : differences.fields()) columns.push_back(listing.column(field));
  return columns;
}

class Best {
 public:
  Best(const Options& options, const store::Query& query, const report::RunListing& listing)
      : options_(options),
        query_(query),
        listing_(listing),
        metric_(metric_of(options, listing)),
        better_(direction_of(options, listing, metric_)),
        moment_(moment_of(options)) {
    if (options.has("by")) {
      const std::string name = options.text("by");
      const bool is_parameter = name.find('.') == std::string::npos;
      const std::vector<std::string> parameters = listing.parameters();
      const bool is_known =
          std::find(parameters.begin(), parameters.end(), name) != parameters.end();
      const bool is_run_field = is_parameter && !is_known && store::find_run_field(name) != nullptr;
      key_.push_back(listing.column(
          is_parameter && !is_run_field ? store::quoted_field("params", name) : name, "--by"));
    }
    choose_runs();
    for (report::ListedColumn& column : columns_of_kind(listing, metric_, runs_)) {
      const bool is_there =
          std::any_of(key_.begin(), key_.end(), [&](const report::ListedColumn& known) {
            return known.field.name_space == column.field.name_space &&
                   known.field.name == column.field.name;
          });
      const bool is_length = column.field.name == "epochs";
      if (!is_there && !(is_length && (options.has("unfinished") || moment_))) {
        kept_apart_.push_back(column.field.name);
        key_.push_back(std::move(column));
      }
    }
    for (const std::size_t run : runs_) add(run);
  }

  void print(std::optional<std::int64_t> limit) const {
    TextTable table;
    for (const report::ListedColumn& column : key_)
      table.add_column(column.field.name, Align::right);
    table.add_column("run");
    table.add_columns({"seed", "epoch", metric_, "mean", "runs", "at_step", "at_images"},
                      Align::right);
    for (const auto* line : lines(limit)) {
      const auto& [values, group] = *line;
      const store::RunRecord& run = listing_.runs()[group.best_run];
      const std::vector<store::EpochRecord> epochs = query_.bare_epochs(run.id);
      std::vector<std::string> row;
      for (std::size_t i = 0; i < key_.size(); ++i) {
        row.push_back(printable(report::shown_value(key_[i], values[i]), 60));
      }
      row.insert(
          row.end(),
          {run.short_identity(), std::to_string(run.seed), std::to_string(group.epoch),
           format_number(group.best), report::format_spread(*report::spread_of(group.values)),
           std::to_string(group.values.size()), count_text(store::steps_of(epochs, group.epoch)),
           count_text(store::images_of(epochs, group.epoch))});
      table.add_row(std::move(row));
    }
    table.print(std::cout);
    say_what_is_left_out();
  }

 private:
  using Groups = std::map<std::vector<store::CellValue>, Group, ByValue>;

  static std::string count_text(const std::optional<std::int64_t>& count) {
    return count ? std::to_string(*count) : "";
  }

  void choose_runs() {
    for (std::size_t run = 0; run < listing_.runs().size(); ++run) {
      const bool is_told = options_.has("highest") || options_.has("lowest");
      if (listing_.metric(metric_, run) == nullptr) {
        without_metric_ += listing_.runs()[run].epochs_done > 0 ? 1 : 0;
      } else if (!is_told && !listing_.better(metric_, run)) {
        ++undeclared_;
      } else if (report::is_unfinished(listing_.runs()[run]) && !options_.has("unfinished") &&
                 !moment_) {
        ++unfinished_;
      } else {
        runs_.push_back(run);
      }
    }
  }

  void add(std::size_t run) {
    const std::optional<store::SeriesPoint> point = moment_ ? at_moment(run) : best_of(run);
    if (!point) return;
    std::vector<store::CellValue> values;
    for (const report::ListedColumn& column : key_) values.push_back(listing_.value(column, run));
    Group& group = groups_[values];
    const bool is_first = group.values.empty();
    group.values.push_back(point->value);
    if (!is_first && !report::is_better(point->value, group.best, better_)) return;
    group.best = point->value;
    group.best_run = run;
    group.epoch = point->epoch;
  }

  std::optional<store::SeriesPoint> best_of(std::size_t run) {
    const store::MetricSummary& summary = *listing_.metric(metric_, run);
    const bool is_lower = better_ == Better::lower;
    const std::optional<double> value = is_lower ? summary.lowest : summary.highest;
    if (value && std::isfinite(*value)) {
      return store::SeriesPoint{is_lower ? summary.lowest_epoch : summary.highest_epoch, *value};
    }
    // An infinity hides the best of the finite values.
    auto point = report::best_point(query_.series(listing_.runs()[run].id, metric_), better_);
    if (!point) ++never_finite_;
    return point;
  }

  /// The value that the run had after the steps or images that the user names.
  std::optional<store::SeriesPoint> at_moment(std::size_t run) {
    const store::RunId id = listing_.runs()[run].id;
    const std::optional<Epoch> epoch = store::epoch_at(query_.bare_epochs(id), *moment_);
    for (const store::SeriesPoint& point :
         epoch ? query_.series(id, metric_, *epoch - 1) : store::Series()) {
      if (point.epoch != *epoch) break;
      if (std::isfinite(point.value)) return point;
      ++never_finite_;
      return std::nullopt;
    }
    ++too_short_;
    return std::nullopt;
  }

  /// All groups, or the best of them, in the order of their values. Each kind of comparable runs
  /// has its own best.
  std::vector<const Groups::value_type*> lines(std::optional<std::int64_t> limit) const {
    std::map<std::vector<store::CellValue>, std::vector<const Groups::value_type*>, ByValue> kinds;
    const std::size_t by = options_.has("by") ? 1 : 0;
    for (const auto& line : groups_) {
      const auto kind = line.first.begin() + static_cast<std::ptrdiff_t>(by);
      kinds[{kind, line.first.end()}].push_back(&line);
    }
    std::vector<const Groups::value_type*> lines;
    for (auto& [kind, of_kind] : kinds) {
      std::stable_sort(of_kind.begin(), of_kind.end(), [&](const auto* a, const auto* b) {
        return report::is_better(a->second.best, b->second.best, better_);
      });
      if (limit && std::cmp_less(*limit, of_kind.size())) {
        of_kind.resize(static_cast<std::size_t>(*limit));
      }
      lines.insert(lines.end(), of_kind.begin(), of_kind.end());
    }
    std::sort(lines.begin(), lines.end(),
              [](const auto* a, const auto* b) { return ByValue()(a->first, b->first); });
    return lines;
  }

  void say_what_is_left_out() const {
    if (!kept_apart_.empty()) {
      print_message(
          "runs that differ in {} cannot be compared by {}: each kind has its own lines\n",
          fmt::join(kept_apart_, ", "), metric_);
    }
    if (without_metric_ > 0) {
      print_message("{} without {} left out\n", runs_text(without_metric_), metric_);
    }
    if (undeclared_ > 0) {
      print_message(
          "{} left out: the experiment does not declare whether a lower or a higher {} is better; "
          "add --lowest or --highest to include them\n",
          runs_text(undeclared_), metric_);
    }
    if (options_.has("unfinished")) {
      print_message("runs of all lengths are compared together, finished or not\n");
    }
    if (unfinished_ > 0) {
      print_message("{} left out; --unfinished includes {}\n",
                    unfinished_ == 1 ? "1 unfinished run is"
                                     : fmt::format("{} unfinished runs are", unfinished_),
                    unfinished_ == 1 ? "it" : "them");
    }
    if (too_short_ > 0) {
      print_message("{} without {} at this point left out\n", runs_text(too_short_), metric_);
    }
    if (never_finite_ > 0) {
      print_message("{} {} no finite {} and {} left out\n", never_finite_,
                    never_finite_ == 1 ? "run has" : "runs have", metric_,
                    never_finite_ == 1 ? "is" : "are");
    }
  }

  const Options& options_;
  const store::Query& query_;
  const report::RunListing& listing_;
  std::string metric_;
  Better better_;
  std::optional<store::EpochTotals> moment_;  ///< none: the best of all epochs
  std::vector<report::ListedColumn> key_;
  std::vector<std::string> kept_apart_;
  std::vector<std::size_t> runs_;
  Groups groups_;
  std::size_t without_metric_ = 0;
  std::size_t undeclared_ = 0;
  std::size_t unfinished_ = 0;
  std::size_t never_finite_ = 0;
  std::size_t too_short_ = 0;
};

int best(const Options& options) {
  const store::Query query(options.store_folder());
  store::RunSelection selection = selection_of(options, query);
  // The limit counts lines, not runs.
  const std::optional<std::int64_t> limit = std::exchange(selection.limit, std::nullopt);
  const report::RunListing listing(query, query.select(selection));
  Best(options, query, listing).print(limit);
  return kAllGood;
}

}  // namespace

Command best_command() {
  Options options(
      "best [--metric NAME] [--by PARAMETER]",
      "Shows the run and the epoch with the best value of a metric, for each value of a\n"
      "parameter, and the mean and spread of all runs with that value. Only finished runs count.\n"
      "Runs that cannot be compared have their own lines: runs of another length, or with another\n"
      "value of a parameter that changes what the metric means.");
  options.store()
      .value("metric", "NAME", "the metric (default: the objective of the experiment)")
      .value("by", "PARAMETER",
             "print one line for each value of this parameter, or of another field of `epochal ls`")
      .flag("highest", "treat the highest value as the best, whatever the experiment declares")
      .flag("lowest", "treat the lowest value as the best, whatever the experiment declares")
      .value("at-step", "N",
             "take the value of the last epoch that ends by step N, whatever the length of the run")
      .value("at-images", "N",
             "take the value of the last epoch that ends by N images, or other samples")
      .flag("unfinished", "include unfinished runs, with the epochs that they have");
  add_selection(options);
  return {"show the best run for each value of a parameter", std::move(options), best};
}

}  // namespace epochal::app
