// Sweep -> runs: the product of its axes and seeds, each point checked against the schema.

#include "framework/sweep/expansion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "framework/base/bounded_json.h"
#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/base/sha256.h"
#include "framework/base/whole_number.h"
#include "framework/sweep/formula.h"
#include "framework/sweep/report_inputs.h"
#include "framework/sweep/run_length.h"
#include "framework/sweep/search_points.h"
#include "framework/system/whole_path.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostRuns = 1'000'000;
const std::string kEpochsName = "epochs";

bool is_scheme(const std::string& value) {
  const std::size_t colon = value.find(':');
  if (colon == std::string::npos || colon < 2) return false;
  return std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_formula(const ParameterSpec& spec, const ParameterValue& value) {
  const bool is_number = spec.type == ParameterType::integer || spec.type == ParameterType::real;
  const auto* text = std::get_if<std::string>(&value);
  return is_number && text != nullptr && !(spec.has_auto && *text == "auto");
}

double with_twelve_digits(double value) {
  return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr);
}

/// A formula's value in the type of its parameter.
ParameterValue as_parameter(double value, ParameterType type, const std::string& where) {
  // Mathematical libraries differ in the last digits, and a run's identity must not.
  if (type == ParameterType::real) return with_twelve_digits(value);
  constexpr double kLargest = 9e15;  // exact as a real
  if (!(std::abs(value) <= kLargest)) {
    throw Error(fmt::format("the formula gives {}, which is not a valid whole number", value),
                where);
  }
  // 0.29 * 100 is a little less than 29. A longer number would lose whole digits.
  constexpr double kTwelveDigits = 1e12;
  return nearest_whole(
      std::floor(std::abs(value) < kTwelveDigits ? with_twelve_digits(value) : value));
}

/// Equal for runs with equal parameters, length and seed alone.
std::string digest_of(const RunSpec& run) {
  std::string text = fmt::format("{} {} ", run.seed, run.epochs);
  for (const Parameters* parameters : {&run.parameters, &run.length}) {
    for (const auto& [name, value] : parameters->all()) {
      const std::string shown = to_text(value);
      text += fmt::format("{}:{}{}:{}", name, value.index(), shown.size(), shown);
    }
  }
  return sha256_of(text);
}

class Expander {
 public:
  /// `all` are the experiments of the sweep, `experiment` among them.
  Expander(const Sweep& sweep, const ExperimentInfo& experiment, const SweepExperiments& all)
      : sweep_(sweep), experiment_(experiment) {
    for (const ExperimentInfo* other : all) {
      for (std::string& name : other->schema.names()) all_names_.insert(std::move(name));
    }
  }

  std::vector<RunSpec> runs() {
    base_.parameters = experiment_.schema.defaults();
    if (sweep_.length) base_.length = *sweep_.length;
    apply(sweep_.fixed, base_);
    base_.has_own_length = false;
    read_exclusions();
    check_size();

    std::vector<RunSpec> runs;
    std::vector<std::size_t> position(sweep_.axes.size(), 0);
    do {
      add_point(position, runs);
    } while (advance(position));
    return runs;
  }

  /// Throws Error for values that the schema does not allow.
  void check(const std::vector<Assignment>& assignments) const {
    Point point;
    apply(assignments, point);
  }

 private:
  struct Point {
    Parameters parameters;
    std::map<std::string, Formula> formulas;  ///< of the parameters that are still to compute
    std::optional<Assignment> length;         ///< none: the sweep's number of epochs
    bool has_own_length = false;              ///< it stands in an axis
  };

  /// Whether only another experiment of the sweep has the parameter.
  bool is_of_another(const std::string& name) const {
    return experiment_.schema.find(name) == nullptr && all_names_.contains(name);
  }

  void apply(const std::vector<Assignment>& assignments, Point& point) const {
    for (const Assignment& assignment : assignments) {
      if (is_of_another(assignment.name)) continue;
      const ParameterSpec* spec = experiment_.schema.find(assignment.name);
      if (spec == nullptr && is_length_key(assignment.name)) {
        set_length_of(assignment, point);
        continue;
      }
      point.formulas.erase(assignment.name);
      if (spec != nullptr && is_formula(*spec, assignment.value)) {
        if (!assignment.written.empty()) {
          throw Error(fmt::format("{} must be a number, but {} is a date or time", assignment.name,
                                  assignment.written.substr(0, 40)),
                      assignment.where);
        }
        point.formulas.emplace(assignment.name,
                               Formula(std::get<std::string>(assignment.value), assignment.where));
        continue;
      }
      point.parameters.set(assignment.name, checked(assignment));
    }
  }

  static void set_length_of(const Assignment& assignment, Point& point) {
    if (point.has_own_length && point.length->name != assignment.name) {
      throw Error(fmt::format("{} and {} both say how long the runs are", point.length->name,
                              assignment.name),
                  assignment.where, "keep one of them");
    }
    point.length = assignment;
    point.has_own_length = true;
  }

  /// A point of an axis without the lengths that a later one replaces.
  std::vector<Assignment> assigned(const std::vector<Assignment>& axis_point) const {
    std::vector<Assignment> kept = axis_point;
    std::erase_if(kept, [&](const Assignment& assignment) {
      return sweep_.replaced_lengths.contains(assignment.name) &&
             experiment_.schema.find(assignment.name) == nullptr;
    });
    return kept;
  }

  ParameterValue checked(const Assignment& assignment) const {
    const ParameterSpec* spec = experiment_.schema.find(assignment.name);
    if (spec == nullptr) throw unknown(assignment);
    const bool is_folder_name = spec->type == ParameterType::path && !assignment.written.empty();
    const ParameterValue given =
        is_folder_name ? ParameterValue(assignment.written) : assignment.value;
    ParameterValue value = experiment_.schema.checked(assignment.name, given, assignment.where);
    if (spec->type != ParameterType::path) return value;
    return absolute(*spec, std::get<std::string>(value), assignment.folder);
  }

  /// Keys of the sweep itself are looked for among its parameters, too.
  Error unknown(const Assignment& assignment) const {
    std::vector<std::string> known(all_names_.begin(), all_names_.end());
    for (const char* key : {"epochs", "steps", "images", "seeds", "name", "keep_checkpoints"}) {
      if (assignment.name == key) {
        return Error(fmt::format("{} is no parameter, but a key of the sweep", key),
                     assignment.where, "write it at the top of the file");
      }
      known.emplace_back(key);
    }
    return Error(fmt::format("unknown parameter '{}'", assignment.name.substr(0, 80)),
                 assignment.where, name_hint(assignment.name, known));
  }

  static std::string absolute(const ParameterSpec& spec, const std::string& value,
                              const fs::path& folder) {
    if (!spec.may_join) return absolute_path(spec, value, folder);
    std::vector<std::string> paths = joined_paths(value, folder);
    for (std::string& path : paths) path = absolute_path(spec, path, folder);
    return fmt::format("{}", fmt::join(paths, " + "));
  }

  static std::string absolute_path(const ParameterSpec& spec, const std::string& value,
                                   const fs::path& folder) {
    const bool is_choice = std::ranges::find(spec.choices, value) != spec.choices.end();
    if (value.empty() || is_scheme(value) || is_choice) return value;
    return whole_path(folder / with_home(value)).string();
  }

  /// Computes the formulas in the order of their dependencies.
  void compute(Point& point, std::uint64_t seed) const {
    while (!point.formulas.empty()) {
      const auto waits = [&](const std::string& name) { return point.formulas.contains(name); };
      const auto ready = std::ranges::find_if(point.formulas, [&](const auto& entry) {
        return std::ranges::none_of(entry.second.names(), waits);
      });
      if (ready == point.formulas.end()) {
        const auto& [name, formula] = *point.formulas.begin();
        throw Error(fmt::format("the formula of {} depends on itself", name), formula.where(),
                    "set one of its parameters to a number");
      }
      const auto& [name, formula] = *ready;
      const ParameterType type = experiment_.schema.find(name)->type;
      const ParameterValue value =
          as_parameter(formula.value(point.parameters, seed), type, formula.where());
      point.parameters.set(name, experiment_.schema.checked(name, value, formula.where()));
      point.formulas.erase(ready);
    }
  }

  void read_exclusions() {
    const auto cannot_hold = [&](const std::string& name) { return is_of_another(name); };
    for (const auto& values : sweep_.excluded) {
      if (std::ranges::any_of(values, cannot_hold, &Assignment::name)) continue;
      Parameters& excluded = excluded_.emplace_back();
      for (const Assignment& assignment : values) {
        excluded.set(assignment.name,
                     is_fact(assignment.name) ? checked_fact(assignment) : checked(assignment));
      }
    }
    for (const Condition& condition : sweep_.excluded_if) {
      const Formula formula(condition.text, condition.where);
      if (std::ranges::none_of(formula.names(), cannot_hold)) conditions_.push_back(formula);
    }
  }

  void check_size() const {
    std::size_t count = sweep_.seeds.size();
    for (const Axis& axis : sweep_.axes) {
      count =
          axis.points.size() > kMostRuns / count + 1 ? kMostRuns + 1 : count * axis.points.size();
      if (count > kMostRuns) {
        throw Error(fmt::format("the sweep '{}' has more than {} runs", sweep_.name, kMostRuns), {},
                    "give its axes fewer values");
      }
    }
  }

  /// Whether exclusions read it from the run: its seed or its epochs, unless parameters have these
  /// names.
  bool is_fact(const std::string& name) const {
    return (name == kSeedName || name == kEpochsName) && experiment_.schema.find(name) == nullptr;
  }

  static ParameterValue checked_fact(const Assignment& assignment) {
    if (std::holds_alternative<std::int64_t>(assignment.value)) return assignment.value;
    throw Error(
        fmt::format("{} must be an integer, not {}", assignment.name, type_of(assignment.value)),
        assignment.where);
  }

  /// Whether the run has all the values of one exclusion, or meets a condition.
  bool is_excluded(const RunSpec& run) const {
    if (excluded_.empty() && conditions_.empty()) return false;
    Parameters known = run.parameters;
    if (is_fact(kEpochsName)) known.set(kEpochsName, std::int64_t{run.epochs});
    if (is_fact(std::string(kSeedName))) {
      known.set(std::string(kSeedName), static_cast<std::int64_t>(run.seed));
    }
    const auto has_all = [&](const Parameters& exclusion) {
      return std::ranges::all_of(exclusion.all(), [&](const auto& entry) {
        return *known.find(entry.first) == entry.second;
      });
    };
    const auto holds = [&](const Formula& formula) { return formula.value(known, run.seed) != 0; };
    return std::ranges::any_of(excluded_, has_all) || std::ranges::any_of(conditions_, holds);
  }

  /// The formulas that read the seed, or a parameter that the seed decides, as they are written.
  std::map<std::string, std::string> formulas_of_seed(const Point& point) const {
    std::map<std::string, std::string> of_seed;
    if (experiment_.schema.find(kSeedName) != nullptr) return of_seed;
    for (bool grows = true; grows;) {
      grows = false;
      for (const auto& [name, formula] : point.formulas) {
        const bool reads_seed = std::ranges::any_of(formula.names(), [&](const std::string& read) {
          return read == kSeedName || of_seed.contains(read);
        });
        if (reads_seed) grows = of_seed.emplace(name, formula.text()).second || grows;
      }
    }
    return of_seed;
  }

  void set_length(const Point& point, RunSpec& run) const {
    run.epochs = sweep_.epochs;
    if (!point.length) return;
    const Assignment& given = *point.length;
    const RunLength length =
        run_length(given.name, amount_of(given, run), given.where, experiment_, run.parameters);
    run.epochs = length.epochs;
    if (point.has_own_length || length.steps) {
      run.length = recorded_length(length, experiment_, given.where);
    }
  }

  static std::int64_t amount_of(const Assignment& length, const RunSpec& run) {
    if (const auto* whole = std::get_if<std::int64_t>(&length.value)) return *whole;
    if (const auto* formula = std::get_if<std::string>(&length.value)) {
      const double value = Formula(*formula, length.where).value(run.parameters, run.seed);
      return std::get<std::int64_t>(as_parameter(value, ParameterType::integer, length.where));
    }
    throw Error(fmt::format("{} must be an integer or a formula, not {}", length.name,
                            type_of(length.value)),
                length.where);
  }

  void add_point(const std::vector<std::size_t>& position, std::vector<RunSpec>& runs) {
    Point point = base_;
    for (std::size_t i = 0; i < position.size(); ++i) {
      apply(assigned(sweep_.axes[i].points[position[i]]), point);
    }
    RunSpec run;
    run.experiment = experiment_.name;
    run.experiment_version = experiment_.version;
    run.of_seed = formulas_of_seed(point);
    for (const std::uint64_t seed : sweep_.seeds) {
      Point computed = point;
      compute(computed, seed);
      run.seed = seed;
      run.parameters = std::move(computed.parameters);
      set_length(point, run);
      if (!is_excluded(run) && seen_.insert(digest_of(run)).second) {
        runs.push_back(run);
      }
    }
  }

  bool advance(std::vector<std::size_t>& position) const {
    for (std::size_t i = position.size(); i-- > 0;) {
      if (++position[i] < sweep_.axes[i].points.size()) return true;
      position[i] = 0;
    }
    return false;
  }

  const Sweep& sweep_;
  const ExperimentInfo& experiment_;
  std::set<std::string> all_names_;  ///< of the parameters of all experiments of the sweep
  Point base_;
  std::vector<Parameters> excluded_;
  std::vector<Formula> conditions_;
  std::set<std::string> seen_;  ///< digests, since whole runs would take too much memory
};

void check_compare_by(const Sweep& sweep, const SweepExperiments& experiments) {
  if (sweep.compare_by.empty() || sweep.compare_by == "epochs") return;
  std::vector<std::string> known;
  for (const ExperimentInfo* experiment : experiments) {
    if (experiment->schema.find(sweep.compare_by) != nullptr) return;
    for (std::string& name : experiment->schema.names()) known.push_back(std::move(name));
  }
  throw Error(fmt::format("compare_by names an unknown parameter '{}'", sweep.compare_by),
              sweep.compare_by_where, name_hint(sweep.compare_by, known));
}

/// Which values of a metric are better: the experiment's word, or else what a table of the sweep
/// such as [stop] has `said`.
bool lower_is_better(const std::string& name, std::optional<bool> said,
                     const ExperimentInfo& experiment, const std::string& table,
                     const std::string& where) {
  const MetricSpec* metric = find_metric(experiment, name);
  if (metric == nullptr && !experiment.metrics.empty()) {
    std::vector<std::string> known;
    for (const MetricSpec& other : experiment.metrics) known.push_back(other.name);
    throw Error(fmt::format("{} uses '{}', which the experiment does not measure", table,
                            name.substr(0, 80)),
                where, name_hint(name, known));
  }
  if (metric == nullptr || !metric->better) {
    if (said) return *said;
    throw Error(fmt::format("neither the experiment nor the sweep declares whether lower or higher "
                            "values of '{}' are better",
                            name.substr(0, 80)),
                where, fmt::format("add mode = \"min\" or mode = \"max\" to {}", table));
  }
  const bool is_lower = *metric->better == Better::lower;
  if (said && *said != is_lower) {
    throw Error(fmt::format("{} has mode = \"{}\", but for {} {} values are better", table,
                            is_lower ? "max" : "min", name, is_lower ? "lower" : "higher"),
                where, "leave mode out");
  }
  return is_lower;
}

void check_stop(const Sweep& sweep, const SweepExperiments& experiments) {
  const StopRules& stop = sweep.stop;
  if (!stop.any()) return;
  if (experiments.size() > 1) {
    throw Error("[stop] compares runs of one experiment, but the sweep has several",
                sweep.stop_where, "leave [stop] out, or give each experiment a sweep");
  }
  const ExperimentInfo& experiment = *experiments.front();
  resolved_stop(sweep, experiment);
  if (!stop.within.empty() && experiment.schema.find(stop.within) == nullptr) {
    throw Error(fmt::format("[stop] within names an unknown parameter '{}'", stop.within),
                sweep.stop_where, name_hint(stop.within, experiment.schema.names()));
  }
}

/// The rules of a table with the metric and the direction that it leaves to the experiment.
template <typename Rules>
Rules with_objective(Rules rules, const std::string& table, const std::string& where,
                     const ExperimentInfo& experiment) {
  if (rules.metric.empty()) rules.metric = experiment.objective;
  if (rules.metric.empty()) {
    throw Error(table + " names no metric, and the experiment has no objective", where,
                "add metric = \"val.loss\"");
  }
  const auto said = rules.has_mode ? std::optional(rules.lower_is_better) : std::nullopt;
  rules.lower_is_better = lower_is_better(rules.metric, said, experiment, table, where);
  return rules;
}

/// What an adaptive search cannot have beside it.
void refuse_beside_search(const Sweep& sweep) {
  const std::string& where = sweep.search->where;
  if (!sweep.axes.empty()) {
    const std::set<std::string> names = sweep.axes.front().names();
    throw Error(fmt::format("a sweep with [sweep.search] has no other axes, but {} has several "
                            "values",
                            *names.begin()),
                where, "let the search choose it, with { choice = […] }, or fix it");
  }
  if (!sweep.excluded.empty() || !sweep.excluded_if.empty()) {
    throw Error("a sweep with [sweep.search] excludes no points", where,
                "give a parameter a condition: when = { … }");
  }
  if (sweep.seeds.size() > 1) {
    throw Error(fmt::format("a trial of [sweep.search] has one seed, but the sweep has {}",
                            sweep.seeds.size()),
                where, "write seeds = [0], and run the best points with more seeds afterwards");
  }
  if (sweep.experiments.size() > 1) {
    throw Error("[sweep.search] compares runs of one experiment, but the sweep has several", where,
                "give each experiment a sweep");
  }
}

/// The ends of a range, or all choices.
std::vector<Assignment> possible_values(const SearchedParameter& parameter) {
  std::vector<ParameterValue> values = parameter.choices;
  if (parameter.kind == SearchedParameter::Kind::int_uniform) {
    values = {nearest_whole(parameter.low), nearest_whole(parameter.high)};
  } else if (values.empty()) {
    values = {parameter.low, parameter.high};
  }
  std::vector<Assignment> assignments;
  for (ParameterValue& value : values) {
    assignments.push_back(
        {parameter.name, std::move(value), parameter.where, parameter.folder, {}});
  }
  return assignments;
}

/// Before the first trial: an error of the hundredth would waste the others.
void check_search(const Sweep& sweep, const SweepExperiments& experiments) {
  refuse_beside_search(sweep);
  const ExperimentInfo& experiment = *experiments.front();
  resolved_search(sweep, experiment);
  const Expander expander(sweep, experiment, experiments);
  for (const SearchedParameter& parameter : sweep.search->parameters) {
    if (is_length_key(parameter.name) && experiment.schema.find(parameter.name) == nullptr) {
      throw Error(
          fmt::format("[sweep.search] cannot choose {}, the length of a run", parameter.name),
          parameter.where, "set it for all runs; [stop] ends runs early");
    }
    expander.check(possible_values(parameter));
  }
}

/// The sweep with only this point.
Sweep sweep_at(const Sweep& sweep, const std::string& point) {
  Sweep one = sweep;
  one.search.reset();
  for (Assignment& assignment : assignments_at(*sweep.search, point)) {
    one.fixed.push_back(std::move(assignment));
  }
  return one;
}

/// The runs of the first points that the search asks for before it has learned anything.
std::vector<RunSpec> startup_runs(const Sweep& sweep, const SweepExperiments& experiments) {
  constexpr int kMostStartupRuns = 10;
  check_search(sweep, experiments);
  const ExperimentInfo& experiment = *experiments.front();
  std::vector<RunSpec> runs;
  const int known = std::min({sweep.search->trials, sweep.search->startup, kMostStartupRuns});
  for (int number = 0; number < known; ++number) {
    const AskedPoint asked =
        next_point(*sweep.search, {}, true, static_cast<std::uint64_t>(number));
    const Sweep one = sweep_at(sweep, asked.point);
    runs.push_back(Expander(one, experiment, experiments).runs().front());
  }
  return runs;
}

/// The texts whose hashes are the identities of a run and of its group: one JSON object, with the
/// seed in the middle of it or without.
struct IdentityText {
  std::string before_seed;
  std::string after_seed;
  std::string after_seed_of_group;  ///< with formulas in place of what the seed decides

  std::string of_group() const { return before_seed + after_seed_of_group; }
  std::string of_run(std::uint64_t seed) const {
    return fmt::format("{}\"seed\":{},{}", before_seed, seed, after_seed);
  }
};

IdentityText identity_text(const RunSpec& run, const ExperimentInfo& experiment) {
  nlohmann::ordered_json head;
  head["experiment"] = run.experiment;
  head["version"] = run.experiment_version;
  if (experiment.length_is_identity) head["epochs"] = run.epochs;
  nlohmann::ordered_json tail;
  tail["data"] = run.inputs.data;
  tail["weights"] = run.inputs.weights;
  auto parameters = nlohmann::ordered_json::object();
  auto parameters_of_group = nlohmann::ordered_json::object();
  const auto add = [&](const std::string& name, const ParameterValue& value, bool is_of_run) {
    // to_text prints the shortest digits that read back as the same number.
    const nlohmann::ordered_json written{value.index(), to_text(value)};
    if (is_of_run) parameters[name] = written;
    const auto formula = run.of_seed.find(name);
    if (formula != run.of_seed.end()) {
      parameters_of_group[name] = formula->second;
    } else if (is_of_run) {
      parameters_of_group[name] = written;
    }
  };
  for (const auto& [name, value] : run.parameters.all()) {
    const ParameterSpec* spec = experiment.schema.find(name);
    if (spec == nullptr || spec->role != ParameterRole::result) continue;
    add(name, value, !spec->was_added_later || value != spec->fallback);
  }
  for (const auto& [name, value] : run.length.all()) add(name, value, true);
  IdentityText text{json_text(head), {}, {}};
  tail["parameters"] = parameters;
  text.after_seed = json_text(tail).substr(1);
  tail["parameters"] = parameters_of_group;
  text.after_seed_of_group = json_text(tail).substr(1);
  text.before_seed.back() = ',';
  return text;
}

}  // namespace

StopRules resolved_stop(const Sweep& sweep, const ExperimentInfo& experiment) {
  return with_objective(sweep.stop, "[stop]", sweep.stop_where, experiment);
}

SearchRequest resolved_search(const Sweep& sweep, const ExperimentInfo& experiment) {
  return with_objective(*sweep.search, "[sweep.search]", sweep.search->where, experiment);
}

RunSpec run_at(const Sweep& sweep, const ExperimentInfo& experiment, const std::string& point) {
  const SweepExperiments only{&experiment};
  std::vector<RunSpec> runs = Expander(sweep_at(sweep, point), experiment, only).runs();
  identify(runs, only);
  return std::move(runs.front());
}

std::vector<RunSpec> expand(const Sweep& sweep, const SweepExperiments& experiments) {
  check_compare_by(sweep, experiments);
  check_stop(sweep, experiments);
  check_report_inputs(sweep, experiments);
  if (sweep.search) return startup_runs(sweep, experiments);
  std::vector<RunSpec> runs;
  for (const ExperimentInfo* experiment : experiments) {
    std::vector<RunSpec> own = Expander(sweep, *experiment, experiments).runs();
    std::move(own.begin(), own.end(), std::back_inserter(runs));
  }
  if (runs.empty()) {
    throw Error(fmt::format("the sweep '{}' has no runs: all are excluded", sweep.name), {},
                "exclude fewer");
  }
  return runs;
}

void identify(std::vector<RunSpec>& runs, const SweepExperiments& experiments) {
  for (const ExperimentInfo* experiment : experiments) {
    std::unique_ptr<InputInspector> inspector;
    if (experiment->create_inspector) inspector = experiment->create_inspector();
    for (RunSpec& run : runs) {
      if (run.experiment != experiment->name) continue;
      if (inspector) run.inputs = inspector->inspect(run.parameters);
      const IdentityText text = identity_text(run, *experiment);
      run.identity = sha256_of(text.of_run(run.seed));
      run.group_identity = sha256_of(text.of_group());
    }
  }
}

std::string run_identity(const RunSpec& run, const ExperimentInfo& experiment) {
  return sha256_of(identity_text(run, experiment).of_run(run.seed));
}

std::string group_identity(const RunSpec& run, const ExperimentInfo& experiment) {
  return sha256_of(identity_text(run, experiment).of_group());
}

std::string value_text(const RunSpec& run, std::string_view name) {
  const bool is_length = run.parameters.find(name) == nullptr;
  return to_text(is_length ? run.length : run.parameters, name);
}

std::vector<std::string> varying_parameters(const std::vector<RunSpec>& runs,
                                            const SweepExperiments& experiments) {
  std::vector<std::string> names;
  for (const ExperimentInfo* experiment : experiments) {
    const auto is_own = [&](const RunSpec& run) { return run.experiment == experiment->name; };
    const auto first = std::ranges::find_if(runs, is_own);
    for (const ParameterSpec& spec : experiment->schema.specs()) {
      const auto differs = [&](const RunSpec& run) {
        return is_own(run) && *run.parameters.find(spec.name) != *first->parameters.find(spec.name);
      };
      const bool is_new = std::ranges::find(names, spec.name) == names.end();
      if (is_new && std::any_of(first, runs.end(), differs)) names.push_back(spec.name);
    }
  }
  const auto is_short = [](const RunSpec& run) { return run.length.find("steps") != nullptr; };
  if (std::ranges::any_of(runs, is_short)) names.emplace_back("steps");
  return names;
}

}  // namespace epochal
