#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "db/query.h"
#include "framework/base/validation_samples.h"
#include "framework/plugin/experiment.h"
#include "framework/sweep/claim.h"

namespace epochal::report {

/// One run with all that the report shows of it.
struct ReportedRun {
  store::RunRecord run;
  std::vector<store::EpochRecord> epochs;        ///< without their metrics
  std::map<std::string, store::Series> metrics;  ///< those that the report shows or judges by
  /// Sample by sample of the validation set, by epoch: the main metric and those of claims, where
  /// they are compared.
  std::map<Epoch, ValidationSamples> validation;
  /// Values by step of each metric that has some; of the first few runs alone.
  std::map<std::string, std::vector<store::StepBin>> steps;
  std::vector<store::AttemptRecord> attempts;
  std::vector<store::ArtifactRecord> samples;
  std::map<std::string, std::string> tags;
  std::vector<store::NoteRecord> notes;
  std::map<std::string, std::string> choices;  ///< what `auto` came to, by parameter
  Drawing drawn;                               ///< for this report, from its newest checkpoint
  std::string label;    ///< what sets it apart: "dataset_size 100", "learning_rate 0.001, seed 2"
  std::string setting;  ///< the same without the seed
  int colour = 0;       ///< of its setting, the same in every figure
};

/// Runs that differ in the seed alone.
struct ReportedSetting {
  std::string label;
  std::vector<std::size_t> runs;  ///< indices into ReportData::runs
};

/// Of a run as many metrics by step are drawn, the first by name.
constexpr std::size_t kMostMetricsBySteps = 12;

/// Everything of a report before it is drawn. Every number in it comes from the store.
struct ReportData {
  std::string title;
  std::string experiment;
  std::string command;                 ///< that makes the report again
  std::string selection;               ///< options of `epochal ls` that list the same runs
  bool has_more_steps = false;         ///< runs with values by step whose steps are not here
  bool has_more_step_metrics = false;  ///< a run has more metrics by step than are drawn
  bool is_growing = false;             ///< more may come: the page loads itself again
  std::string program_version;         ///< of the epochal that writes the report
  std::filesystem::path store;
  std::vector<ReportedRun> runs;
  std::vector<ReportedSetting> settings;       ///< with their seeds; empty if each has one
  std::vector<std::string> varying;            ///< parameters that differ between the runs
  std::map<std::string, std::string> folders;  ///< of the paths of each of them
  std::string compare_by;            ///< the one that the report compares by; may be empty
  std::set<std::string> implied;     ///< that it and the length decide: names leave them out
  std::vector<std::string> metrics;  ///< that are shown, the main one first
  std::size_t metrics_left_out = 0;  ///< of those that were measured
  std::string main_metric;           ///< the objective, or what comes closest; empty if none
  std::string claimed_metric;        ///< of claims that name none: the objective, measured or not
  store::Declarations declarations;  ///< what the experiments say of their numbers
  std::map<std::string, ParameterSpec> parameter_specs;  ///< where the plugin is at hand
  std::vector<Claim> claims;                             ///< that the report judges
  std::optional<ReferenceDrawing> reference;
  std::int64_t published_steps = 0;     ///< of the experiment (see ExperimentInfo); 0 if not known
  std::string sample_word = "samples";  ///< of the experiment (see ExperimentInfo)
};

/// Reads what a report shows of these runs and what it judges `claims` by. Runs without any epoch
/// are kept: they are shown as not started. `compare_by` is the parameter to compare by; empty, or
/// one that does not differ: the only parameter that differs, if it is the only one. Of very many
/// metrics the first are shown: the main one and its training twin, the others of validation, the
/// rest by the alphabet.
ReportData read_report_data(const store::Query& query, std::vector<store::RunRecord> runs,
                            const std::string& compare_by, std::vector<Claim> claims);

/// The metric that a summary shows: the objective that the experiments of all these runs declare,
/// else val.total, val.loss, the first val.*, the training twin of one of these, or the first.
/// `metrics` are those that were measured.
std::string main_metric(const std::vector<std::string>& metrics,
                        const std::vector<store::RunRecord>& runs,
                        const store::Declarations& declarations);

/// A value that is a number, whole or not; none where it is something else.
std::optional<double> number_of(const ParameterValue& value);

/// 1 and 1.0 are the same value; "1" is another.
bool is_same(const ParameterValue& a, const ParameterValue& b);

/// A parameter that is a number; none where it is something else, or not there.
std::optional<double> number_of(const ReportedRun& run, const std::string& parameter);

/// Last value of a metric; none if it was never measured.
std::optional<double> last_value(const ReportedRun& run, const std::string& metric);

/// The best finite value of a metric and its epoch; none if there is none, or the run's experiment
/// declares no direction of the metric.
std::optional<store::SeriesPoint> best_epoch(const ReportedRun& run, const std::string& metric,
                                             const store::Declarations& declarations);

}  // namespace epochal::report
