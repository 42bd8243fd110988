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

namespace epochal {

/// Takes runs out of a store in a form that another tool reads. Each format is one file of code.
class RunExporter {
 public:
  virtual ~RunExporter() = default;

  /// Called once a run, in the order of the list.
  virtual void add(const WholeRun& run) = 0;

  /// Called once, after the last run.
  virtual void finish() {}
};

/// What every exporter needs to know before the first run.
struct ExportTarget {
  std::filesystem::path folder;  ///< that is written into; exists, and is empty
  std::filesystem::path name;    ///< what it will be called once it is whole
  std::filesystem::path store;   ///< where artifacts are read from
  std::vector<RunRecord> runs;   ///< all that will be added
};

/// runs.csv, a row a run, epochs.csv, a row an epoch, and, where runs have values by step,
/// steps.csv, a row a value. Columns "params.NAME", "metrics.NAME".
std::unique_ptr<RunExporter> make_csv_exporter(const ExportTarget& target);

/// runs.json: all that the store has of each run. NaN and infinities are the texts "nan", "inf".
std::unique_ptr<RunExporter> make_json_exporter(const ExportTarget& target);

/// A folder a run with an event file: scalars and images by epoch, and the parameters for the
/// hparams plugin, with seeds as one group.
std::unique_ptr<RunExporter> make_tensorboard_exporter(const ExportTarget& target);

/// MLflow's file store: `mlflow ui --backend-store-uri DIR` shows it.
std::unique_ptr<RunExporter> make_mlflow_exporter(const ExportTarget& target);

/// A format of `epochal export`.
struct ExportFormat {
  std::string_view name;
  std::string_view meaning;  ///< for the user, in a line
  std::unique_ptr<RunExporter> (*make)(const ExportTarget& target);
};

/// Every format. This table is all that makes one known: add a row.
const std::vector<ExportFormat>& export_formats();

/// What an export to MLflow notes in tags, for an import to undo what it had to do: which file has
/// which name (behind each of these prefixes), the state, which metrics are the epochs' own seconds
/// and learning rate, and which folder of metrics has the values by step.
namespace mlflow_tag {
constexpr std::string_view kMetric = "epochal.metric.", kParameter = "epochal.param.",
                           kTag = "epochal.tag.", kStatus = "epochal.status",
                           kSeconds = "epochal.seconds", kLearningRate = "epochal.learning_rate",
                           kSteps = "epochal.steps";
/// Whether a tag is one of these.
bool is_note(std::string_view tag);
}  // namespace mlflow_tag

/// A file that is written whole; Error if it cannot be.
void write_export(const std::filesystem::path& file, std::string_view text);

/// A file that is written piece by piece: an export may be larger than the memory.
class ExportFile {
 public:
  /// Makes the folders above it. Throws Error.
  explicit ExportFile(std::filesystem::path file);

  /// Throws Error.
  void add(std::string_view text);
  /// To be called in the end. Throws Error if not all is written.
  void close();

 private:
  void check() const;

  std::filesystem::path file_;
  std::ofstream out_;
};

/// A name from a store as the name of one file: what is not a letter, digit, '_', '-', '.' or space
/// becomes '_', and it is never "." or "..", nor longer than 200 bytes.
std::string file_name_for(const std::string& name);

/// The file of each name in one folder: names that differ get files that differ, also where
/// file_name_for() is the same for both, and a name that can be a file's keeps it.
std::map<std::string, std::string> file_names_for(const std::set<std::string>& names);

}  // namespace epochal
