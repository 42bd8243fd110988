// The table of the fields of runs. A new column of `epochal ls` is a new row here.

#include "db/filter/run_fields.h"

#include <fmt/format.h>

#include <algorithm>

namespace epochal::store {
namespace {

/// SQL over a row of run: a value of the objective's summary.
std::string of_objective(std::string_view value) {
  return fmt::format(
      "(select {} from declared_metric join metric_name on metric_name.name = declared_metric.name "
      "join metric_summary on metric_summary.name_id = metric_name.id and run_id = run.id "
      "where declared_metric.experiment = run.experiment and "
      "declared_metric.version = run.experiment_version and is_objective = 1 and "
      "better in ('lower', 'higher'))",
      value);
}

constexpr std::string_view kSweeps = "sweep_run join sweep on sweep.id = sweep_run.sweep_id where ";
constexpr std::string_view kLastSweep =
    "sweep_run.run_id = run.id order by sweep.recorded_at desc, sweep.id desc limit 1";
constexpr std::string_view kAttempts = "attempt join host on host.id = attempt.host_id where ";
constexpr std::string_view kLastAttempt =
    "attempt.run_id = run.id order by attempt.id desc limit 1";

}  // namespace

const std::vector<RunField>& run_fields() {
  using Type = RunField::Type;
  static const std::vector<RunField> kFields{
      {"run", Type::text, "first digits of its identity", "substr(run.identity, 1, 10)"},
      {"id", Type::text, "its identity", "run.identity"},
      {"identity", Type::text, "its identity", "run.identity"},
      {"experiment", Type::text, "what it trains", "run.experiment"},
      {"version", Type::number, "of the experiment", "run.experiment_version"},
      {"seed", Type::number, "of its random numbers", "run.seed"},
      {"status", Type::text, "queued, running, finished, …", "run.status"},
      {"epochs", Type::number, "finished epochs", "run.epochs_done"},
      {"total_steps", Type::number, "updates of the weights in its epochs",
       "(select iif(count(steps) = count(*), sum(steps), null) from epoch "
       "where epoch.run_id = run.id)"},
      {"total_images", Type::number, "images, or other samples, seen in its epochs",
       "(select iif(min(samples) > 0, sum(samples), null) from epoch where epoch.run_id = run.id)"},
      {"wanted_epochs", Type::number, "wanted epochs", "run.epochs"},
      {"seconds", Type::duration, "of training", "run.trained_seconds"},
      {"created", Type::time, "when a sweep asked for it", "run.created_at"},
      {"started", Type::time, "when it started", "run.started_at"},
      {"ended", Type::time, "when it ended", "run.ended_at"},
      {"error", Type::text, "why it failed", "run.error"},
      {"best",
       Type::metric,
       "best value of the objective; the best sorts first",
       of_objective("iif(better = 'higher', highest, lowest)"),
       {},
       {},
       of_objective("iif(better = 'higher', -highest, lowest)")},
      {"sweep", Type::text, "that asked for it", "sweep.name", kSweeps, kLastSweep},
      {"host", Type::text, "where it ran", "host.name", kAttempts, kLastAttempt},
      {"device", Type::text, "cpu, cuda:0, …", "attempt.device", kAttempts, kLastAttempt},
      {"commit", Type::text, "of its git repository", "attempt.git_commit", kAttempts,
       kLastAttempt},
      {"code", Type::text, "version of epochal", "run.code_version"},
      {"data", Type::text, "fingerprint of its data", "run.data_fingerprint"},
      {"weights", Type::text, "fingerprint of its weights", "run.weights_fingerprint"},
  };
  return kFields;
}

std::string RunField::value() const {
  if (relation.empty()) return std::string(expression);
  return fmt::format("(select {} from {}{})", expression, relation, last);
}

const RunField* find_run_field(std::string_view name) {
  const std::vector<RunField>& fields = run_fields();
  const auto found = std::ranges::find(fields, name, &RunField::name);
  return found == fields.end() ? nullptr : &*found;
}

std::vector<std::string> run_field_names() {
  std::vector<std::string> names;
  for (const RunField& field : run_fields()) names.emplace_back(field.name);
  return names;
}

}  // namespace epochal::store
