// Rows of the store -> the model of a report.

#include "reports/report_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "framework/sweep/run_length.h"
#include "reports/common_folder.h"
#include "reports/statistics/moment.h"
#include "reports/statistics/series.h"
#include "reports/statistics/settings.h"

namespace epochal::report {
namespace {

/// Whether two runs have different values. That another experiment has no such parameter is no
/// difference: its name says so.
bool are_told_apart(const store::RunRecord& run, const store::RunRecord& other,
                    const std::string& parameter) {
  const ParameterValue* value = run.parameters.find(parameter);
  const ParameterValue* than = other.parameters.find(parameter);
  if (value != nullptr && than != nullptr) return !is_same(*value, *than);
  return value != than && run.experiment == other.experiment;
}

/// Parameters that differ between the runs of one setting: the seed decides them.
std::set<std::string> decided_by_seed(const std::vector<ReportedRun>& runs) {
  std::map<std::string, const store::RunRecord*> firsts;  // of each group
  std::set<std::string> decided;
  for (const ReportedRun& run : runs) {
    const auto [first, is_new] = firsts.try_emplace(run.run.group_identity, &run.run);
    if (is_new) continue;
    for (const auto& [name, value] : run.run.parameters.all()) {
      const ParameterValue* than = first->second->parameters.find(name);
      if (than != nullptr && !is_same(*than, value)) decided.insert(name);
    }
  }
  return decided;
}

std::vector<std::string> varying_parameters(const std::vector<ReportedRun>& runs) {
  std::set<std::string> names;
  std::map<std::string, const store::RunRecord*> firsts;  // of each experiment
  for (const ReportedRun& run : runs) {
    firsts.try_emplace(run.run.experiment, &run.run);
    for (const auto& [name, value] : run.run.parameters.all()) names.insert(name);
  }
  const std::set<std::string> decided = decided_by_seed(runs);
  std::erase_if(names, [&](const std::string& name) {
    return decided.contains(name) || std::ranges::none_of(runs, [&](const ReportedRun& run) {
             return std::ranges::any_of(firsts, [&](const auto& first) {
               return are_told_apart(run.run, *first.second, name);
             });
           });
  });
  return {names.begin(), names.end()};
}

bool has_several_seeds(const std::vector<ReportedRun>& runs) {
  return std::any_of(runs.begin(), runs.end(),
                     [&](const ReportedRun& run) { return run.run.seed != runs.front().run.seed; });
}

std::string value_text(const ReportedRun& run, const std::string& parameter) {
  const ParameterValue* value = run.run.parameters.find(parameter);
  return value == nullptr ? "?" : to_text(*value);
}

/// Of a parameter whose values stand beside each other: without the folder that they share.
std::string value_beside_others(const ReportedRun& run, const std::string& parameter,
                                const ReportData& data) {
  const auto folder = data.folders.find(parameter);
  const std::string text = value_text(run, parameter);
  return folder == data.folders.end() ? text : without_folder(text, folder->second);
}

std::map<std::string, std::string> folders_of(const ReportData& data) {
  std::map<std::string, std::string> folders;
  for (const std::string& name : data.varying) {
    std::vector<std::string> texts;
    for (const ReportedRun& run : data.runs) texts.push_back(value_text(run, name));
    folders[name] = common_folder(texts);
  }
  return folders;
}

/// Parameters that differ between the runs, but follow from the compared one and the length of the
/// training, such as the batch size of each size of a data set. None unless several settings share
/// a value of the compared one: if each has a value of its own, it would decide everything.
std::set<std::string> implied_parameters(const ReportData& data) {
  if (data.compare_by.empty()) return {};
  std::set<std::string> compared;
  std::set<std::string> settings;
  std::map<std::string, const ReportedRun*> firsts;  // of each compared value and length
  std::set<std::string> implied(data.varying.begin(), data.varying.end());
  std::erase_if(implied, [&](const std::string& name) {
    return name == data.compare_by || is_length_key(name);
  });
  for (const ReportedRun& run : data.runs) {
    std::string key = value_text(run, data.compare_by);
    compared.insert(key);
    settings.insert(run.run.group_identity);
    for (const std::string& name : data.varying) {
      if (is_length_key(name)) key += ", " + value_text(run, name);
    }
    const ReportedRun& first = *firsts.try_emplace(key, &run).first->second;
    std::erase_if(implied, [&](const std::string& name) {
      return value_text(run, name) != value_text(first, name);
    });
  }
  if (compared.size() == settings.size()) return {};
  return implied;
}

std::string label_of(const ReportedRun& run, const ReportData& data, bool with_seed) {
  const bool is_of_several = data.experiment != run.run.experiment;  // it names all of them
  std::vector<std::string> parts;
  const auto add = [&](const std::string& name) {
    const bool is_missing = run.run.parameters.find(name) == nullptr;
    if (is_missing && (is_of_several || is_length_key(name))) return;
    parts.push_back(fmt::format("{} {}", name, value_beside_others(run, name, data)));
  };
  if (is_of_several) parts.push_back(run.run.experiment);
  if (!data.compare_by.empty()) add(data.compare_by);
  for (const std::string& name : data.varying) {
    if (name != data.compare_by && !data.implied.contains(name)) add(name);
  }
  if (with_seed) parts.push_back(fmt::format("seed {}", run.run.seed));
  if (parts.empty()) parts.push_back("run " + run.run.short_identity());
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// Runs whose parameters are the same may still differ in what no parameter says: the version of
/// the experiment, or what lies in a folder. They are no seeds of each other, and have labels of
/// their own.
void tell_groups_apart(ReportData& data) {
  std::map<std::string, std::set<std::string>> groups;
  for (const ReportedRun& run : data.runs) groups[run.setting].insert(run.run.group_identity);
  for (ReportedRun& run : data.runs) {
    if (groups[run.setting].size() < 2) continue;
    const std::string which = fmt::format(", version {}, group {}", run.run.experiment_version,
                                          run.run.group_identity.substr(0, 6));
    run.label += which;
    run.setting += which;
  }
}

std::vector<ReportedSetting> settings_of(const ReportData& data) {
  std::vector<store::RunRecord> records;
  for (const ReportedRun& run : data.runs) records.push_back(run.run);
  std::vector<ReportedSetting> groups;
  for (const std::vector<std::size_t>& members : runs_by_setting(records)) {
    groups.push_back({data.runs[members.front()].setting, members});
  }
  if (groups.size() == data.runs.size()) groups.clear();
  return groups;
}

/// The objective that the experiments of all these runs declare, measured or not; empty if they
/// declare none, or several.
std::string common_objective(const std::vector<store::RunRecord>& runs,
                             const store::Declarations& declarations) {
  if (runs.empty()) return "";
  std::string objective = declarations.objective(runs.front());
  const bool is_common = std::ranges::all_of(
      runs, [&](const store::RunRecord& run) { return declarations.objective(run) == objective; });
  return is_common ? objective : "";
}

/// The main metric first: tables are cut off at the right, and of very many only some are shown.
void choose_metrics(std::vector<std::string> measured, const std::vector<store::RunRecord>& runs,
                    ReportData& data) {
  constexpr std::size_t kMostMetrics = 24;
  data.main_metric = main_metric(measured, runs, data.declarations);
  const std::string objective = common_objective(runs, data.declarations);
  data.claimed_metric = objective.empty() ? data.main_metric : objective;
  const auto rank = [twin = training_twin(data.main_metric), &data](const std::string& metric) {
    if (metric == data.main_metric) return 0;
    if (metric == twin) return 1;
    return metric.starts_with("val.") ? 2 : 3;
  };
  if (measured.size() > kMostMetrics) {
    std::stable_sort(measured.begin(), measured.end(),
                     [&](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
    data.metrics_left_out = measured.size() - kMostMetrics;
    measured.resize(kMostMetrics);
  }
  data.metrics = std::move(measured);
  std::stable_partition(data.metrics.begin(), data.metrics.end(),
                        [&](const std::string& metric) { return metric == data.main_metric; });
}

std::set<std::string> needed_metrics(const ReportData& data) {
  std::set<std::string> needed(data.metrics.begin(), data.metrics.end());
  needed.insert(data.claimed_metric);
  needed.insert(training_twin(data.claimed_metric));
  for (const Claim& claim : data.claims) {
    needed.insert(claim.metric);
    needed.insert(training_twin(claim.metric));
    needed.insert(claim.training_metric);
  }
  needed.insert(training_twin(data.main_metric));
  return needed;
}

/// The metrics that are compared sample by sample.
std::set<std::string> sampled_metrics(const ReportData& data) {
  std::set<std::string> metrics{data.main_metric, data.claimed_metric};
  for (const Claim& claim : data.claims) {
    metrics.insert(claim.metric);
  }
  return metrics;
}

/// The epochs of a run whose values are compared: its last, and those of the claims' moments.
std::set<Epoch> compared_epochs(const ReportedRun& run, const std::vector<Claim>& claims) {
  std::set<Epoch> epochs;
  if (!run.epochs.empty()) epochs.insert(run.epochs.back().number);
  for (const Claim& claim : claims) {
    const Moment moment = moment_of(claim);
    const auto epoch = moment.is_end() ? std::nullopt : epoch_at(run, moment);
    if (epoch) epochs.insert(*epoch);
  }
  return epochs;
}

void add_validation(const store::Query& query, store::RunId id, const ReportData& data,
                    ReportedRun& run) {
  const std::set<std::string> wanted = sampled_metrics(data);
  for (const Epoch epoch : compared_epochs(run, data.claims)) {
    ValidationSamples samples = query.validation_samples(id, epoch);
    std::erase_if(samples.values,
                  [&](const auto& metric) { return !wanted.contains(metric.first); });
    if (!samples.empty()) run.validation.emplace(epoch, std::move(samples));
  }
}

/// The steps of more runs cannot be told apart in one figure.
constexpr std::size_t kMostRunsBySteps = 7;
constexpr std::size_t kStepBins = 300;

void add_steps(const store::Query& query, store::RunId id, ReportedRun& run, ReportData& data) {
  const std::vector<store::StepMetric> metrics = query.step_metrics(id);
  if (metrics.empty()) return;
  const auto with_steps = std::ranges::count_if(
      data.runs, [](const ReportedRun& other) { return !other.steps.empty(); });
  data.has_more_steps = static_cast<std::size_t>(with_steps) >= kMostRunsBySteps;
  if (data.has_more_steps) return;
  data.has_more_step_metrics = data.has_more_step_metrics || metrics.size() > kMostMetricsBySteps;
  for (std::size_t i = 0; i < std::min(metrics.size(), kMostMetricsBySteps); ++i) {
    std::vector<store::StepBin> bins = query.step_bins(id, metrics[i], kStepBins);
    if (!bins.empty()) run.steps.emplace(metrics[i].name, std::move(bins));
  }
}

}  // namespace

std::string main_metric(const std::vector<std::string>& metrics,
                        const std::vector<store::RunRecord>& runs,
                        const store::Declarations& declarations) {
  const auto is_measured = [&](const std::string& metric) {
    return std::find(metrics.begin(), metrics.end(), metric) != metrics.end();
  };
  std::string objective = common_objective(runs, declarations);
  if (is_measured(objective)) return objective;
  std::map<std::string, const store::RunRecord*> of_experiments;
  for (const store::RunRecord& run : runs) of_experiments.emplace(run.experiment, &run);
  for (const auto& [experiment, run] : of_experiments) {
    // Of several experiments, an objective that all of them measure.
    const std::string own = declarations.objective(*run);
    const bool is_measured_by_all =
        !own.empty() && std::ranges::all_of(of_experiments, [&](const auto& other) {
          return declarations.metric(*other.second, own) != nullptr;
        });
    if (is_measured_by_all && is_measured(own)) return own;
  }
  for (const char* wanted : {"val.total", "val.loss"}) {
    if (is_measured(wanted)) return wanted;
  }
  const auto validation = std::find_if(metrics.begin(), metrics.end(),
                                       [](const auto& name) { return name.starts_with("val."); });
  if (validation != metrics.end()) return *validation;
  // Before the first validation.
  for (const std::string& training : {training_twin(objective), training_twin("val.total")}) {
    if (is_measured(training)) return training;
  }
  return metrics.empty() ? "" : metrics.front();
}

ReportData read_report_data(const store::Query& query, std::vector<store::RunRecord> runs,
                            const std::string& compare_by, std::vector<Claim> claims) {
  ReportData data;
  data.store = query.folder();
  data.claims = std::move(claims);
  data.declarations = query.declarations();
  choose_metrics(query.metric_names(ids_of(runs)), runs, data);
  const std::set<std::string> needed = needed_metrics(data);
  std::set<std::string> experiments;
  for (store::RunRecord& record : runs) {
    experiments.insert(record.experiment);
    ReportedRun run;
    run.epochs = query.bare_epochs(record.id);
    for (const std::string& metric : needed) {
      store::Series series = query.series(record.id, metric);
      if (!series.empty()) run.metrics.emplace(metric, std::move(series));
    }
    run.attempts = query.attempts(record.id);
    run.choices = query.choices(record.id);
    run.tags = query.tags(record.id);
    run.notes = query.notes(record.id);
    for (store::ArtifactRecord& artifact : query.artifacts(record.id)) {
      if (artifact.kind == store::ArtifactRecord::Kind::sample)
        run.samples.push_back(std::move(artifact));
    }
    add_steps(query, record.id, run, data);
    add_validation(query, record.id, data, run);
    run.run = std::move(record);
    data.runs.push_back(std::move(run));
  }
  if (data.runs.empty()) return data;

  data.experiment = fmt::format("{}", fmt::join(experiments, ", "));
  data.varying = varying_parameters(data.runs);
  data.folders = folders_of(data);
  const bool varies = std::ranges::find(data.varying, compare_by) != data.varying.end();
  if (varies) data.compare_by = compare_by;
  if (data.compare_by.empty() && data.varying.size() == 1) data.compare_by = data.varying.front();
  data.implied = implied_parameters(data);
  const bool with_seed = has_several_seeds(data.runs);
  for (ReportedRun& run : data.runs) {
    run.label = label_of(run, data, with_seed);
    run.setting = label_of(run, data, false);
  }
  tell_groups_apart(data);
  std::map<std::string, int> colours;
  for (ReportedRun& run : data.runs) {
    const std::string& group = run.run.group_identity;
    run.colour = colours.try_emplace(group, static_cast<int>(colours.size())).first->second;
  }
  data.settings = settings_of(data);
  return data;
}

std::optional<double> number_of(const ParameterValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

bool is_same(const ParameterValue& a, const ParameterValue& b) {
  const auto first = number_of(a);
  const auto second = number_of(b);
  return first && second ? *first == *second : a == b;
}

std::optional<double> number_of(const ReportedRun& run, const std::string& parameter) {
  const ParameterValue* value = run.run.parameters.find(parameter);
  return value == nullptr ? std::nullopt : number_of(*value);
}

std::optional<double> last_value(const ReportedRun& run, const std::string& metric) {
  const store::Series& series = series_of(run, metric);
  return series.empty() ? std::nullopt : std::optional(series.back().value);
}

std::optional<store::SeriesPoint> best_epoch(const ReportedRun& run, const std::string& metric,
                                             const store::Declarations& declarations) {
  const MetricSpec* spec = declarations.metric(run.run, metric);
  if (spec == nullptr || !spec->better) return std::nullopt;
  return best_point(series_of(run, metric), *spec->better);
}

}  // namespace epochal::report
