#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/command/declaration.h"
#include "framework/plugin/experiment.h"
#include "framework/plugin/parameter.h"
#include "framework/sweep/claim.h"
#include "framework/sweep/keep_checkpoints.h"
#include "framework/sweep/search_request.h"
#include "framework/sweep/slurm_request.h"
#include "framework/sweep/stop_rules.h"

namespace epochal {

/// The experiments that a sweep names, in its order.
using SweepExperiments = std::vector<const ExperimentInfo*>;

/// A parameter that a sweep sets, and where it says so. A text for a parameter that is a number is
/// a formula over the others: "min(44, dataset_size / 5)".
struct Assignment {
  std::string name;
  ParameterValue value;
  std::string where;             ///< "quick.toml:7:1"
  std::filesystem::path folder;  ///< that relative paths start from
  /// A number or date as it was written: 2024 may be the name of a folder. Empty for a text.
  std::string written;
};

/// A formula and where it stands.
struct Condition {
  std::string text;
  std::string where;
};

/// One direction of a sweep: the points that it takes in turn. Each point assigns one parameter
/// (grid) or several that move together (zip, list, random).
struct Axis {
  enum class Kind { grid, zip, list, random };

  Kind kind = Kind::grid;
  std::vector<std::vector<Assignment>> points;

  bool assigns(std::string_view name) const;
  /// The parameters that it assigns.
  std::set<std::string> names() const;
};

/// A key of [report] besides compare_by. What it means, the experiment declares (see
/// report_inputs_of).
struct ReportKey {
  std::string name;
  std::string where;
  std::string value_where;
  bool is_list = false;
  std::vector<Assignment> values;  ///< one, where it is no list
};

/// A sweep as its file declares it, after overrides; names and values are not yet checked against
/// an experiment's schema.
struct Sweep {
  std::string name;
  /// Plugins, and "command:NAME" for the program of [command]; at least one, each once.
  std::vector<std::string> experiments;
  std::string experiment_where;
  std::optional<CommandDeclaration> command;
  Epoch epochs = 1;                        ///< of all runs
  std::optional<Assignment> length;        ///< in place of `epochs`: steps, images, or a formula
  std::set<std::string> replaced_lengths;  ///< in the axes: a later length counts
  std::vector<std::uint64_t> seeds{0};
  std::vector<Assignment> fixed;
  std::vector<Axis> axes;                         ///< the last one moves fastest
  std::optional<SearchRequest> search;            ///< chooses points as runs end; then no axes
  std::vector<std::vector<Assignment>> excluded;  ///< points with all values of one are left out
  std::vector<Condition> excluded_if;             ///< points that match one are excluded
  std::string compare_by;  ///< parameter that the report compares by; may be empty
  std::string compare_by_where;
  std::vector<ReportKey> report_keys;  ///< what the report lets the experiment draw
  std::vector<Claim> claims;           ///< that the report judges
  KeepCheckpoints keep_checkpoints = KeepCheckpoints::last_and_best;
  StopRules stop;
  SlurmRequest slurm;
  std::vector<std::string> fetch;  ///< commands that fetch the inputs: told if some are missing
  std::string stop_where;
  std::string text;                    ///< the file as it was read
  std::vector<std::string> overrides;  ///< "KEY=VALUE" as given
};

/// Reads a sweep. `file` is the name used in errors; relative paths start from its folder. Throws
/// Error with file:line:column for broken TOML, unknown keys, wrong types, a parameter set twice
/// and columns of unequal length. A text cannot extend another sweep: only a file can.
Sweep parse_sweep(std::string_view text, const std::string& file);

/// Reads the sweep file, and before it the one that it extends, whose parameters and keys it
/// replaces one by one. Throws Error if one cannot be read, and as parse_sweep does.
Sweep load_sweep(const std::filesystem::path& file);

/// Takes a parameter or length out of [params], all axes and the search; an axis that is left
/// without one goes.
void remove_parameter(Sweep& sweep, std::string_view name);

/// Applies KEY=VALUE in order. VALUE is TOML, or else a list with commas between its values, or
/// else a bare text. KEY is `name`, `epochs`, `steps`, `images`, `seeds`, `seed`,
/// `keep_checkpoints`, `slurm.partition` and the like, `trials`, `search.seed` and the like, or a
/// parameter; several values give a parameter an axis (its column of a zip if it has one, else one
/// of the grid). Throws Error for a malformed override.
void apply_overrides(Sweep& sweep, const std::vector<std::string>& overrides);

/// SHA-256 of what the sweep computes: experiment, epochs, seeds, parameters, axes and search.
/// Comments, layout, the number of trials of a search, and what only the report reads do not change
/// it.
std::string content_hash(const Sweep& sweep);

/// Sets how long all runs are.
void set_length(Sweep& sweep, Assignment length);

/// Lets a length for all runs replace those that the axes have at this moment.
void replace_lengths_in_axes(Sweep& sweep);

}  // namespace epochal
