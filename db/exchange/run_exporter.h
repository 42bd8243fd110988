#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "db/query.h"

namespace epochal::store {

/// Writes runs of a store in a format of another tool. Each format is one source file.
class RunExporter {
 public:
  virtual ~RunExporter() = default;

  /// Called once for each run, in the order of the list.
  virtual void add(const WholeRun& run) = 0;

  /// Called once, after the last run.
  virtual void finish() {}

  /// Sentences for the user about what the format could not take as it is.
  virtual std::vector<std::string> remarks() const { return {}; }
};

/// What every exporter needs to know before the first run.
struct ExportTarget {
  std::filesystem::path folder;  ///< the folder to write into; exists and is empty
  std::filesystem::path name;    ///< the final name of the folder
  std::filesystem::path store;   ///< the store with the artifacts
  std::vector<RunRecord> runs;   ///< all runs that will be added
};

/// runs.csv, a row for each run; epochs.csv, a row for each epoch; and, if runs have values by
/// step or by sample of the validation set, steps.csv and validation_samples.csv, a row for each
/// value. Columns "params.NAME", "metrics.NAME".
std::unique_ptr<RunExporter> make_csv_exporter(const ExportTarget& target);

/// runs.json: everything that the store has about each run. NaN and infinities are the texts "nan"
/// and "inf".
std::unique_ptr<RunExporter> make_json_exporter(const ExportTarget& target);

/// A folder for each run with an event file: scalars and images by epoch, and the parameters for
/// the hparams plugin, with seeds as one group.
std::unique_ptr<RunExporter> make_tensorboard_exporter(const ExportTarget& target);

/// MLflow's database mlflow.db: `mlflow ui --backend-store-uri sqlite:///DIR/mlflow.db` shows it;
/// and the same as MLflow's older file store.
std::unique_ptr<RunExporter> make_mlflow_exporter(const ExportTarget& target);

/// A format of `epochal export`.
struct ExportFormat {
  std::string_view name;
  std::string_view meaning;  ///< for the user, one line
  std::unique_ptr<RunExporter> (*make)(const ExportTarget& target);
};

/// Every format. To add a format, add a row.
const std::vector<ExportFormat>& export_formats();

/// Tags that an export to MLflow adds, so that an import can undo its changes: the original names
/// (after each of these prefixes), the status, the metrics that are the epochs' seconds and
/// learning rate, and the folder of the metrics by step.
namespace mlflow_tag {
constexpr std::string_view kMetric = "epochal.metric.", kParameter = "epochal.param.",
                           kTag = "epochal.tag.", kStatus = "epochal.status",
                           kSeconds = "epochal.seconds", kLearningRate = "epochal.learning_rate",
                           kSteps = "epochal.steps";
/// Whether a tag is one of these.
bool is_note(std::string_view tag);
}  // namespace mlflow_tag

/// Writes a whole file. Throws Error.
void write_export(const std::filesystem::path& file, std::string_view text);

/// A file that is written piece by piece: an export may be larger than the memory.
class ExportFile {
 public:
  /// Creates the folders above the file. Throws Error.
  explicit ExportFile(std::filesystem::path file);

  /// Throws Error.
  void add(std::string_view text);
  /// Call this at the end. Throws Error if not everything is written.
  void close();

 private:
  void check() const;

  std::filesystem::path file_;
  std::ofstream out_;
};

/// A name from a store as a file name: characters other than letters, digits, '_', '-', '.' and
/// space become '_'. It never begins with "..", is not ".", nor longer than 200 bytes.
std::string file_name_for(const std::string& name);

/// A unique file in one folder for each name, even if file_name_for() is the same for several. A
/// name that is a valid file name keeps it.
std::map<std::string, std::string> file_names_for(const std::set<std::string>& names);

}  // namespace epochal::store
