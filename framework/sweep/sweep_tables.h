#pragma once

// Reading the tables of a sweep file, each in its own source file. Private to framework/sweep.

#include <toml++/toml.h>

#include <filesystem>
#include <string>
#include <vector>

#include "framework/sweep/sweep.h"

namespace epochal {

/// The axes of [sweep] in file order. Throws Error with the place.
std::vector<Axis> axes_of(const toml::table& sweep_table, const std::string& file);

/// Reads the exclusions of [sweep]: `exclude = ["gamma > 1 && learning_rate > 1e-3"]`, or tables of
/// values as [[sweep.exclude]]. Throws Error with the place.
void read_exclusions(const toml::table& sweep_table, const std::string& file, Sweep& sweep);

/// Reads [sweep.random]: `samples`, `seed` (default 0), `sequence`, and for each parameter one of
/// `uniform`, `log_uniform`, `int_uniform` (both ends included) and `choice`. By `sequence`:
/// - "random" (default): a value depends only on the seed, the parameter's name and the sample's
///   number. More samples or parameters change no value.
/// - "sobol": the scrambled points of sobol_points(), whose dimensions are the parameters in the
///   file's order. More samples change no value, nor do more parameters after the others.
/// - "latin": a Latin hypercube of all samples; a value also depends on their number.
/// Real values have four significant digits, so that they can be typed and are the same everywhere.
/// Throws Error with the place.
Axis random_axis(const toml::table& random, const std::string& file);

/// Replaces the values and parameters whose keys [sweep.search] has: `trials`, `seed`, `startup`,
/// `metric`, `mode`, `value`, and parameters with their distributions and conditions. Relative
/// paths start from `folder`. Throws Error with the place for wrong types and numbers out of range.
void read_search_table(const toml::table& table, const std::string& file,
                       const std::filesystem::path& folder, SearchRequest& search);

/// Puts each parameter of the search after the one that it depends on, and takes out those whose
/// condition a fixed value of the sweep decides against. Throws Error with the place for a
/// condition that cannot hold, and for a search that has no parameter left.
void settle_search(Sweep& sweep);

/// Reads [command], which declares a program as an experiment. Throws Error with the place for
/// unknown keys, wrong patterns and placeholders without a parameter.
CommandDeclaration read_command_table(const toml::table& table, const std::string& file);

/// The same for a program that asks for its points itself, which is not started: without `run` and
/// what belongs to it. `sweep` is the name of its sweep, and the default of its own.
CommandDeclaration read_asked_program(const toml::table& table, const std::string& sweep,
                                      const std::string& file);

/// Declares what a program that asks for its points itself (see `epochal ask`) needs not declare:
/// the parameters that its sweep chooses or sets, and the metric of the search as its objective.
/// Does nothing for other sweeps. Throws Error with the place.
void declare_asked_program(Sweep& sweep);

/// Reads [stop]. Throws Error with the place for unknown keys, wrong types, numbers out of range,
/// and a table without a rule.
StopRules read_stop_table(const toml::table& table, const std::string& file);

/// Replaces the values whose keys [slurm] has. Throws Error with the place for unknown keys,
/// numbers out of range and texts that sbatch does not take.
void read_slurm_table(const toml::table& table, const std::string& file, SlurmRequest& request);

/// Reads one [[claim]]. Throws Error with file:line:column for an unknown kind, an unknown or
/// missing key, and numbers out of range.
Claim read_claim(const toml::table& table, const std::string& file);

}  // namespace epochal
