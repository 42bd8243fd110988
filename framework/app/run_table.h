#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "framework/app/colour.h"
#include "reports/run_listing.h"

namespace epochal::app {

/// The status of runs as text: from the record, from whether the worker is gone, and from Slurm's
/// state of the job.
class StatusText {
 public:
  /// `lost`: runs whose worker is gone. `on_cluster`: the result of cluster_states().
  StatusText(std::set<store::RunId> lost, std::map<store::RunId, std::string> on_cluster)
      : lost_(std::move(lost)), on_cluster_(std::move(on_cluster)) {}

  std::string of(const store::RunRecord& run) const;

  /// The common status of the runs, or the number of runs with each.
  std::string of(const std::vector<const store::RunRecord*>& runs) const;

  /// The colour of the runs' common status; none if they have several.
  Colour colour_of(const std::vector<const store::RunRecord*>& runs) const;

 private:
  std::set<store::RunId> lost_;
  std::map<store::RunId, std::string> on_cluster_;
};

/// " (slurm 12_3 pending)" for runs in a job array. Asks Slurm only if there is such a job.
std::map<store::RunId, std::string> cluster_states(const store::Query& query);

/// The default columns of a table of runs, each with its rank: columns of a lower rank are left out
/// first if the table is too wide. Swept parameters and the objective stay (9).
std::vector<std::pair<std::string, int>> sensible_columns(const report::RunListing& listing);

/// Every column in which one of these runs has a value.
std::vector<std::string> all_columns(const report::RunListing& listing);

/// The heading of a column: "gamma" for "params.gamma".
std::string heading_of(const report::ListedColumn& column);

/// "metrics.val.total" for "metrics.`val.total`".
std::string plain_name(const std::string& name);

/// Whether a column holds text rather than numbers.
bool is_text(const report::ListedColumn& column);

std::vector<const store::RunRecord*> runs_of(const report::RunListing& listing,
                                             const std::vector<std::size_t>& group);

/// One cell for runs that differ only in their seed; `group` has their indices. Metrics are
/// averaged over the comparable ones (see averaged_runs()).
std::string group_cell(const report::RunListing& listing, const report::ListedColumn& column,
                       const std::vector<std::size_t>& group, const StatusText& status);

}  // namespace epochal::app
