#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "framework/app/colour.h"
#include "reports/run_listing.h"

namespace epochal {

/// How the states of runs are told: by the record, by whether the worker is gone, and by where
/// Slurm has them.
class StatusText {
 public:
  /// `lost` are runs whose worker is gone; `on_cluster` is what cluster_states() says.
  StatusText(std::set<RunId> lost, std::map<RunId, std::string> on_cluster)
      : lost_(std::move(lost)), on_cluster_(std::move(on_cluster)) {}

  std::string of(const RunRecord& run) const;

  /// The status that all have, or how many have which.
  std::string of(const std::vector<const RunRecord*>& runs) const;

  /// Of runs of one state; none where they have several.
  Colour colour_of(const std::vector<const RunRecord*>& runs) const;

 private:
  std::set<RunId> lost_;
  std::map<RunId, std::string> on_cluster_;
};

/// " (slurm 12_3 pending)" for runs that a job array has. Asks Slurm where there is such a job.
std::map<RunId, std::string> cluster_states(const Query& query);

/// Columns of a table of runs when none are asked for, with how soon each goes where there is no
/// room: swept parameters and the objective stay (9).
std::vector<std::pair<std::string, int>> sensible_columns(const RunListing& listing);

/// Every column that these runs have something in.
std::vector<std::string> all_columns(const RunListing& listing);

/// "params.gamma" as a heading is "gamma": its place among the others says the rest.
std::string heading_of(const ListedColumn& column);

/// "metrics.`val.total`" as people write it.
std::string plain_name(std::string name);

/// Whether a column holds words rather than numbers.
bool is_text(const ListedColumn& column);

std::vector<const RunRecord*> runs_of(const RunListing& listing,
                                      const std::vector<std::size_t>& group);

/// One cell for runs that differ in the seed alone, which `group` lists by their place. Metrics are
/// averaged over those that compare (see averaged_runs()).
std::string group_cell(const RunListing& listing, const ListedColumn& column,
                       const std::vector<std::size_t>& group, const StatusText& status);

}  // namespace epochal
