// Runs as two tables of comma-separated values.

#include <map>
#include <optional>
#include <set>

#include "db/cell_value.h"
#include "db/exchange/run_exporter.h"

namespace epochal::store {
namespace {

std::string line_of(const std::vector<CellValue>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + csv_value(cells[i]);
  return line + "\n";
}

class CsvExporter : public RunExporter {
 public:
  explicit CsvExporter(const ExportTarget& target) : target_(target), query_(target.store) {
    declarations_ = query_.declarations();
    std::vector<RunId> ids;
    for (const RunRecord& run : target.runs) {
      ids.push_back(run.id);
      for (const auto& [name, value] : run.parameters.all()) parameters_.insert(name);
    }
    summaries_ = query_.metric_summaries(ids);
    for (const auto& [run, metrics] : summaries_) {
      for (const auto& [name, summary] : metrics) metrics_.insert(name);
    }
    for (const auto& [run, tags] : query_.tags_of(ids)) {
      for (const auto& [name, value] : tags) tags_.insert(name);
    }
    std::vector<CellValue> run_columns{"run",     "identity", "experiment",  "seed",
                                       "status",  "epochs",   "seconds",     "created",
                                       "started", "ended",    "host",        "device",
                                       "commit",  "code",     "total_steps", "total_images"};
    std::vector<CellValue> epoch_columns{"run",           "experiment",      "seed",    "epoch",
                                         "started",       "seconds",         "samples", "steps",
                                         "learning_rate", "peak_host_bytes", "cpu_use", "gpu_use",
                                         "total_steps",   "total_images"};
    for (const std::string& name : parameters_) run_columns.emplace_back("params." + name);
    for (const std::string& name : tags_) run_columns.emplace_back("tags." + name);
    for (const std::string& name : metrics_) {
      run_columns.emplace_back("last." + name);
      run_columns.emplace_back("best." + name);
      epoch_columns.emplace_back("metrics." + name);
    }
    runs_ = line_of(run_columns);
    epochs_ = line_of(epoch_columns);
  }

  void add(const WholeRun& whole) override {
    const RunRecord& run = whole.run;
    const AttemptRecord attempt = whole.attempts.empty() ? AttemptRecord() : whole.attempts.back();
    std::vector<CellValue> row{run.short_identity(),
                               run.identity,
                               run.experiment,
                               static_cast<std::int64_t>(run.seed),
                               std::string(name_of(run.status)),
                               std::int64_t{run.epochs_done},
                               run.trained.count(),
                               run.created_at,
                               cell_of(run.started_at),
                               cell_of(run.ended_at),
                               attempt.host.name,
                               attempt.device,
                               attempt.provenance.git_commit,
                               run.code_version,
                               cell_of(steps_of(whole.epochs)),
                               cell_of(images_of(whole.epochs))};
    for (const std::string& name : parameters_) {
      const ParameterValue* value = run.parameters.find(name);
      row.push_back(value == nullptr ? CellValue() : cell_of(*value));
    }
    for (const std::string& name : tags_) {
      const auto tag = whole.tags.find(name);
      row.emplace_back();
      if (tag != whole.tags.end()) row.back() = tag_cell(tag->second);
    }
    for (const std::string& name : metrics_) add_summary(run, name, row);
    runs_ += line_of(row);
    EpochTotals totals;
    for (const EpochRecord& epoch : whole.epochs) {
      totals.add(epoch);
      add_epoch(run, epoch, totals);
    }
    query_.each_validation_samples(run.id, [&](Epoch epoch, const ValidationSamples& samples) {
      add_samples(run, epoch, samples);
    });
    query_.each_step_chunk(run.id, "", [&](const StepChunk& chunk) { add_steps(run, chunk); });
  }

  void finish() override {
    write_export(target_.folder / "runs.csv", runs_);
    write_export(target_.folder / "epochs.csv", epochs_);
    if (steps_) steps_->close();
    if (samples_) samples_->close();
  }

 private:
  /// The last and the best value of a metric; no best value if the metric has no direction.
  void add_summary(const RunRecord& run, const std::string& name, std::vector<CellValue>& row) {
    row.resize(row.size() + 2);
    const auto metrics = summaries_.find(run.id);
    if (metrics == summaries_.end()) return;
    const auto found = metrics->second.find(name);
    if (found == metrics->second.end()) return;
    const MetricSummary& summary = found->second;
    *(row.end() - 2) = summary.last;
    const MetricSpec* spec = declarations_.metric(run, name);
    if (spec == nullptr || !spec->better) return;
    row.back() = cell_of(*spec->better == Better::lower ? summary.lowest : summary.highest);
  }

  void add_steps(const RunRecord& run, const StepChunk& chunk) {
    if (!steps_) {
      steps_.emplace(target_.folder / "steps.csv");
      steps_->add(line_of({"run", "epoch", "metric", "step", "value"}));
    }
    for (std::size_t i = 0; i < chunk.steps.size(); ++i) {
      steps_->add(line_of({run.short_identity(), std::int64_t{chunk.epoch}, chunk.metric,
                           chunk.steps[i], chunk.values[i]}));
    }
  }

  void add_samples(const RunRecord& run, Epoch epoch, const ValidationSamples& samples) {
    if (!samples_) {
      samples_.emplace(target_.folder / "validation_samples.csv");
      samples_->add(line_of({"run", "epoch", "metric", "sample", "value", "validation_set"}));
    }
    for (const auto& [metric, values] : samples.values) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        samples_->add(line_of({run.short_identity(), std::int64_t{epoch}, metric,
                               static_cast<std::int64_t>(i + 1), values[i], samples.set}));
      }
    }
  }

  void add_epoch(const RunRecord& run, const EpochRecord& epoch, const EpochTotals& totals) {
    std::vector<CellValue> row{run.short_identity(),
                               run.experiment,
                               static_cast<std::int64_t>(run.seed),
                               std::int64_t{epoch.number},
                               epoch.started_at,
                               epoch.seconds.count(),
                               epoch.samples,
                               cell_of(epoch.steps),
                               cell_of(epoch.learning_rate),
                               cell_of(epoch.peak_host_memory),
                               cell_of(epoch.cpu_use),
                               cell_of(epoch.gpu_use),
                               cell_of(totals.steps),
                               cell_of(totals.images)};
    for (const std::string& name : metrics_) {
      const auto metric = epoch.metrics.find(name);
      row.emplace_back();
      if (metric != epoch.metrics.end()) row.back() = metric->second;
    }
    epochs_ += line_of(row);
  }

  const ExportTarget target_;
  Query query_;
  std::set<std::string> parameters_;
  std::set<std::string> metrics_;
  std::set<std::string> tags_;
  Declarations declarations_;
  std::map<RunId, std::map<std::string, MetricSummary>> summaries_;
  std::string runs_;
  std::string epochs_;
  std::optional<ExportFile> steps_;    ///< created with the first value
  std::optional<ExportFile> samples_;  ///< created with the first value
};

}  // namespace

std::unique_ptr<RunExporter> make_csv_exporter(const ExportTarget& target) {
  return std::make_unique<CsvExporter>(target);
}

}  // namespace epochal::store
