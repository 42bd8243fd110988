#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "db/cell_value.h"
#include "db/filter/filter_syntax.h"
#include "db/query.h"

namespace epochal::report {

/// One column of a list.
struct ListedColumn {
  std::string heading;
  store::FilterField field;
  std::string folder;  ///< common folder of all its paths; tables leave it out
};

/// Runs with everything that a list may show about them, read at once.
class RunListing {
 public:
  /// `runs` in the order of the list.
  RunListing(const store::Query& query, const std::vector<store::RunId>& runs);

  /// Without their parameters.
  const std::vector<store::RunRecord>& runs() const { return runs_; }

  /// The column of `run`, `seed`, `status`, `metrics.val.total.min`, `params.gamma`, `tags.best`,
  /// `sweep`, `host`, … Throws Error for a name that no listed run has, with the nearest one;
  /// `option` is where the user wrote it.
  ListedColumn column(const std::string& name, const std::string& option = "--columns") const;

  /// Parameters that differ between runs of one experiment.
  std::vector<std::string> varying_parameters() const;
  std::vector<std::string> parameters() const;
  /// All metrics, those of validation first.
  std::vector<std::string> metrics() const;
  std::vector<std::string> tags() const;

  store::CellValue value(const ListedColumn& column, std::size_t run) const;

  /// The last, lowest, highest and mean value of a metric of a run; none if it was not measured.
  const store::MetricSummary* metric(const std::string& name, std::size_t run) const;

  /// The direction of a metric that the experiment of a run declares; none if it has none.
  std::optional<Better> better(const std::string& name, std::size_t run) const;

  /// Runs of the same kind are comparable by the metric.
  store::ComparableKind kind(const std::string& metric, std::size_t run) const;

  const store::Declarations& declarations() const { return declarations_; }

 private:
  const std::map<store::RunId, ParameterValue>& parameter(const std::string& name) const;
  std::string folder_of(const std::string& parameter) const;
  store::CellValue metric_value(const std::string& name, std::size_t run) const;
  store::CellValue best_value(const std::string& name, std::size_t run) const;
  store::CellValue best_epoch(const std::string& name, std::size_t run) const;
  store::CellValue run_value(const std::string& name, std::size_t run) const;

  const store::Query& query_;
  std::vector<store::RunId> ids_;
  std::vector<store::RunRecord> runs_;  ///< without their parameters
  std::map<store::RunId, std::map<std::string, store::MetricSummary>> summaries_;
  std::set<std::string> metric_names_;
  std::map<store::RunId, std::map<std::string, std::string>> tags_;
  store::Declarations declarations_;
  // Read on demand.
  mutable std::map<std::string, std::map<store::RunId, ParameterValue>> parameters_;
  mutable std::map<std::string, std::map<store::RunId, store::CellValue>> fields_;
};

/// A value for people: "0.8713", or "2 h 05 min" in a column of times; empty if there is none.
std::string shown_value(const ListedColumn& column, const store::CellValue& value);

}  // namespace epochal::report
