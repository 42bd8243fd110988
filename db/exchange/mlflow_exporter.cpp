// MLflow's file store: a folder for each experiment, and in it a folder for each run with
// meta.yaml, params/, tags/, metrics/ (lines "milliseconds value step") and artifacts/; and beside
// it mlflow.db, the same for the database backend, with the same artifacts.

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <set>

#include "db/artifact_path.h"
#include "db/cell_value.h"
#include "db/exchange/imported_runs.h"
#include "db/exchange/mlflow_database.h"
#include "db/exchange/run_exporter.h"
#include "framework/base/disk_full.h"
#include "framework/base/printable.h"
#include "framework/base/whole_number.h"
#include "framework/system/whole_path.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

std::int64_t milliseconds(Timestamp at) {
  return nearest_whole(at * 1000);
}

/// MLflow's number for the status of a run.
int status_number(RunStatus status) {
  switch (status) {
    case RunStatus::running:
      return 1;
    case RunStatus::queued:
      return 2;  // scheduled
    case RunStatus::finished:
    case RunStatus::stopped:
      return 3;
    case RunStatus::failed:
      return 4;
    case RunStatus::interrupted:
      return 5;  // killed
  }
  return 3;
}

const char* status_name_of_mlflow(RunStatus status) {
  constexpr std::array kNames{"", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"};
  return kNames.at(static_cast<std::size_t>(status_number(status)));
}

/// A file:// URI, percent-encoded.
std::string file_uri(const fs::path& path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  std::string uri = "file://";
  for (const char c : whole_path(path).string()) {
    if (kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

// MLflow's limits, in characters.
constexpr std::size_t kLongestParameter = 6000, kLongestTag = 8000;

class MlflowExporter : public RunExporter {
 public:
  explicit MlflowExporter(const ExportTarget& target)
      : target_(target), query_(target.store), database_(target.folder / "mlflow.db") {
    // MLflow always needs the experiment "0", called Default.
    experiment("Default");
  }

  void add(const WholeRun& whole) override {
    const RunRecord& run = whole.run;
    const std::string experiment_id = experiment(run.experiment);
    const std::string run_id = run.identity.substr(0, 32);
    if (!run_ids_.insert(run_id).second) {
      throw Error(fmt::format("the store has two runs {}", printable(run_id)), {},
                  "check the store with `epochal doctor`");
    }
    const fs::path folder = target_.folder / experiment_id / run_id;
    write_meta(folder, target_.name / experiment_id / run_id, run);
    for (const char* part : {"params", "metrics", "tags", "artifacts"}) {
      fs::create_directories(folder / part);
    }
    database_.begin({run_id, experiment_id, run.short_identity(), status_name_of_mlflow(run.status),
                     milliseconds(run.started_at.value_or(run.created_at)),
                     run.ended_at ? std::optional(milliseconds(*run.ended_at)) : std::nullopt,
                     file_uri(target_.name / experiment_id / run_id / "artifacts")});
    Texts own{{std::string(mlflow_tag::kStatus), std::string(name_of(run.status))},
              {std::string(mlflow_tag::kSeconds), free_name("epoch_seconds", whole.epochs)},
              {std::string(mlflow_tag::kLearningRate), free_name("learning_rate", whole.epochs)}};
    // MLflow allows fewer characters in names than epochal.
    const auto note = [&](std::string_view prefix, const Texts& renamed) {
      for (const auto& [file, name] : renamed) {
        own[std::string(prefix) + file] = store::imported_text(name);
        renamed_.insert(name);
      }
    };
    note(mlflow_tag::kParameter, write_parameters(folder / "params", run));
    note(mlflow_tag::kMetric, write_metrics(folder / "metrics", whole.epochs, own));
    if (const std::string steps = write_steps(folder / "metrics", whole); !steps.empty()) {
      own[std::string(mlflow_tag::kSteps)] = steps;
    }
    Texts tags = tags_of(whole);
    std::erase_if(tags, [](const auto& tag) { return mlflow_tag::is_note(tag.first); });
    note(mlflow_tag::kTag, write_tags(folder / "tags", tags));
    // These names are fit already, and a shortened one would name another metric.
    for (const auto& [name, text] : own) write_tag(folder / "tags", name, text);
    database_.end_run();
    copy_artifacts(folder, whole.artifacts);
  }

  void finish() override { database_.close(); }

  std::vector<std::string> remarks() const override {
    std::vector<std::string> remarks;
    if (!renamed_.empty()) {
      remarks.push_back(
          fmt::format("MLflow does not allow {} of the names: they have another form, and the tags "
                      "epochal.metric.*, epochal.param.* and epochal.tag.* hold the original ones",
                      renamed_.size()));
    }
    if (shortened_ > 0) {
      remarks.push_back(
          fmt::format("{} texts were cut to MLflow's limits: {} characters for a "
                      "parameter, {} for a tag",
                      shortened_, kLongestParameter, kLongestTag));
    }
    return remarks;
  }

 private:
  using Texts = std::map<std::string, std::string>;

  std::string experiment(const std::string& recorded) {
    const std::string name = store::imported_text(recorded);
    const auto [known, is_new] =
        experiments_.try_emplace(name, std::to_string(experiments_.size()));
    const std::string& id = known->second;
    if (!is_new) return id;
    YAML::Emitter yaml;
    const std::int64_t at = milliseconds(now());
    yaml << YAML::BeginMap << YAML::Key << "artifact_location" << YAML::Value
         << file_uri(target_.name / id) << YAML::Key << "creation_time" << YAML::Value << at
         << YAML::Key << "experiment_id" << YAML::Value << YAML::SingleQuoted << id << YAML::Key
         << "last_update_time" << YAML::Value << at << YAML::Key << "lifecycle_stage" << YAML::Value
         << "active" << YAML::Key << "name" << YAML::Value << YAML::DoubleQuoted << name
         << YAML::EndMap;
    write_export(target_.folder / id / "meta.yaml", yaml.c_str() + std::string("\n"));
    database_.add_experiment(id, name, file_uri(target_.name / id), at);
    return id;
  }

  /// `name`: the final name of the folder: MLflow stores the whole path.
  static void write_meta(const fs::path& folder, const fs::path& name, const RunRecord& run) {
    const std::string experiment_id = name.parent_path().filename();
    const std::string run_id = name.filename();
    YAML::Emitter yaml;
    const auto text = [&](const char* key, const std::string& value) {
      yaml << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << value;
    };
    const auto number = [&](const char* key, std::int64_t value) {
      yaml << YAML::Key << key << YAML::Value << value;
    };
    yaml << YAML::BeginMap;
    text("artifact_uri", file_uri(name / "artifacts"));
    if (run.ended_at) {
      number("end_time", milliseconds(*run.ended_at));
    } else {
      yaml << YAML::Key << "end_time" << YAML::Value << YAML::Null;
    }
    text("entry_point_name", "");
    text("experiment_id", experiment_id);
    text("lifecycle_stage", "active");
    text("run_id", run_id);
    text("run_name", run.short_identity());
    text("run_uuid", run_id);
    text("source_name", "");
    number("source_type", 4);  // LOCAL
    text("source_version", "");
    number("start_time", milliseconds(run.started_at.value_or(run.created_at)));
    number("status", status_number(run.status));
    yaml << YAML::Key << "tags" << YAML::Value << YAML::Flow << YAML::BeginSeq << YAML::EndSeq;
    text("user_id", "epochal");
    yaml << YAML::EndMap;
    write_export(folder / "meta.yaml", yaml.c_str() + std::string("\n"));
  }

  /// The text as MLflow can hold it; notes if that is less.
  std::string fitting(const std::string& text, std::size_t most) {
    std::string fits = store::imported_text(text, most);
    if (text.size() > most) ++shortened_;
    return fits;
  }

  /// Passes the value of each name to `write` with the name that MLflow has for it. Returns the
  /// names that could not stay, by their new ones.
  template <typename Value, typename Write>
  static Texts write_each(const std::map<std::string, Value>& values, const Write& write) {
    const auto names = std::views::keys(values);
    Texts renamed;
    for (const auto& [name, file] : file_names_for({names.begin(), names.end()})) {
      write(file, values.at(name));
      if (file != name) renamed[file] = name;
    }
    return renamed;
  }

  Texts write_parameters(const fs::path& folder, const RunRecord& run) {
    Texts texts{{"seed", std::to_string(run.seed)}};
    for (const auto& [name, value] : run.parameters.all()) texts[name] = to_text(value);
    return write_each(texts, [&](const std::string& file, const std::string& whole) {
      const std::string text = fitting(whole, kLongestParameter);
      write_export(folder / file, text);
      database_.add_parameter(file, text);
    });
  }

  Texts write_tags(const fs::path& folder, const Texts& tags) {
    return write_each(tags, [&](const std::string& file, const std::string& text) {
      write_tag(folder, file, text);
    });
  }

  void write_tag(const fs::path& folder, const std::string& name, const std::string& whole) {
    const std::string text = fitting(whole, kLongestTag);
    write_export(folder / name, text);
    database_.add_tag(name, text);
  }

  /// The name, with a number if the run measures something of the same name.
  static std::string free_name(const std::string& wanted, const std::vector<EpochRecord>& epochs) {
    std::string name = wanted;
    const auto has_it = [&](const EpochRecord& epoch) { return epoch.metrics.contains(name); };
    for (int number = 2; std::any_of(epochs.begin(), epochs.end(), has_it); ++number) {
      name = fmt::format("{}_{}", wanted, number);
    }
    return name;
  }

  static std::map<Epoch, std::int64_t> ends_of(const std::vector<EpochRecord>& epochs) {
    std::map<Epoch, std::int64_t> ends;
    for (const EpochRecord& epoch : epochs) {
      ends[epoch.number] = milliseconds(epoch.started_at + epoch.seconds.count());
    }
    return ends;
  }

  /// `own`: the names for seconds and learning rate.
  Texts write_metrics(const fs::path& folder, const std::vector<EpochRecord>& epochs,
                      const Texts& own) {
    const std::string& seconds = own.at(std::string(mlflow_tag::kSeconds));
    const std::string& learning_rate = own.at(std::string(mlflow_tag::kLearningRate));
    using Curve = std::map<Epoch, double>;
    std::map<std::string, Curve> values;
    for (const EpochRecord& epoch : epochs) {
      for (const auto& [name, value] : epoch.metrics) values[name][epoch.number] = value;
      values[seconds][epoch.number] = epoch.seconds.count();
      if (epoch.learning_rate) values[learning_rate][epoch.number] = *epoch.learning_rate;
    }
    const std::map<Epoch, std::int64_t> ends = ends_of(epochs);
    return write_each(values, [&](const std::string& file, const Curve& curve) {
      std::string lines;
      for (const auto& [epoch, value] : curve) {
        lines += fmt::format("{} {} {}\n", ends.at(epoch), csv_value(value), epoch);
        database_.add_metric(file, ends.at(epoch), epoch, value);
      }
      write_export(folder / file, lines);
    });
  }

  /// Values by step as metrics "steps/NAME", beside those by epoch, whose x axis they would
  /// confuse. They are written as they are read, since there may be millions. When a value was
  /// logged is not known: the end of its epoch stands for it. Returns the name of their folder;
  /// empty if there are none.
  std::string write_steps(const fs::path& folder, const WholeRun& whole) {
    std::set<std::string> names;
    for (const StepMetric& metric : query_.step_metrics(whole.run.id)) names.insert(metric.name);
    if (names.empty()) return "";
    std::string steps = "steps";
    for (int number = 2; fs::exists(folder / steps); ++number) {
      steps = fmt::format("steps_{}", number);
    }
    const auto files = file_names_for(names);
    const std::map<Epoch, std::int64_t> ends = ends_of(whole.epochs);
    const std::int64_t start = milliseconds(whole.run.started_at.value_or(whole.run.created_at));
    for (const std::string& name : names) {
      ExportFile file(folder / steps / files.at(name));
      query_.each_step_chunk(whole.run.id, name, [&](const StepChunk& chunk) {
        const auto end = ends.find(chunk.epoch);
        const std::int64_t at = end == ends.end() ? start : end->second;
        std::string lines;
        for (std::size_t i = 0; i < chunk.steps.size(); ++i) {
          lines += fmt::format("{} {} {}\n", at, csv_value(chunk.values[i]), chunk.steps[i]);
          database_.add_metric(steps + "/" + files.at(name), at, chunk.steps[i], chunk.values[i]);
        }
        file.add(lines);
      });
      file.close();
    }
    return steps;
  }

  static Texts tags_of(const WholeRun& whole) {
    Texts texts = whole.tags;
    const auto tag = [&](const std::string& name, const std::string& value) {
      if (!value.empty()) texts.try_emplace(name, value);
    };
    tag("mlflow.runName", whole.run.short_identity());
    tag("mlflow.source.name", "epochal");
    tag("mlflow.source.type", "LOCAL");
    tag("epochal.identity", whole.run.identity);
    tag("epochal.group", whole.run.group_identity.substr(0, 10));
    if (!whole.attempts.empty()) {
      tag("mlflow.source.git.commit", whole.attempts.back().provenance.git_commit);
      tag("epochal.device", whole.attempts.back().device);
    }
    std::string notes;
    for (const NoteRecord& note : whole.notes) notes += note.text + "\n\n";
    tag("mlflow.note.content", notes);
    return texts;
  }

  void copy_artifacts(const fs::path& folder, const std::vector<ArtifactRecord>& artifacts) const {
    std::map<fs::path, std::map<std::string, std::string>> sources;  // by folder and name
    for (const ArtifactRecord& artifact : artifacts) {
      const std::optional<ReadableArtifact> source =
          readable_artifact(target_.store, artifact.path);
      if (!source) continue;  // the record lists missing files
      fs::path inside = std::string(name_of(artifact.kind)) + "s";
      if (artifact.kind == ArtifactRecord::Kind::checkpoint) {
        inside /= fmt::format("epoch-{:04}", artifact.epoch.value_or(0));
      }
      sources[inside][source->name().filename()] = artifact.path;
    }
    for (const auto& [inside, files] : sources) {
      const fs::path target = folder / "artifacts" / inside;
      write_each(files, [&](const std::string& file, const std::string& path) {
        // Opened again: all files at once may exceed the limit of a process.
        const auto source = readable_artifact(target_.store, path);
        if (source) copy(source->path(), target / file);
      });
    }
  }

  static void copy(const fs::path& source, const fs::path& target) {
    fs::create_directories(target.parent_path());
    std::error_code failed;
    fs::copy_file(source, target, failed);
    if (failed) throw_write_error(failed, target, "check the folder and its disk");
  }

  const ExportTarget target_;
  const Query query_;
  store::MlflowDatabase database_;
  std::map<std::string, std::string> experiments_;  ///< name to id
  std::set<std::string> run_ids_;
  std::set<std::string> renamed_;  ///< names that MLflow does not allow
  std::size_t shortened_ = 0;      ///< texts
};

}  // namespace

std::unique_ptr<RunExporter> make_mlflow_exporter(const ExportTarget& target) {
  return std::make_unique<MlflowExporter>(target);
}

}  // namespace epochal::store
