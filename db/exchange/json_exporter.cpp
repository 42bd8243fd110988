// Runs as one JSON file with everything that the store has about them.

#include <utility>

#include "db/exchange/run_exporter.h"
#include "db/record_json.h"

namespace epochal::store {
namespace {

using Json = RecordJson;

Json epoch_of(const EpochRecord& epoch) {
  Json object = epoch_json(epoch);
  object["metrics"] = Json::object();
  // The names are unique. Searching each among the others would be slow for many.
  auto& metrics = object["metrics"].get_ref<Json::object_t&>();
  for (const auto& [name, value] : epoch.metrics) {
    metrics.Json::object_t::Container::emplace_back(name, number_json(value));
  }
  for (const Utilisation& point : epoch.utilisation) {
    object["utilisation"].push_back(utilisation_json(point));
  }
  return object;
}

class JsonExporter : public RunExporter {
 public:
  explicit JsonExporter(const ExportTarget& target)
      : query_(target.store), file_(target.folder / "runs.json") {}

  void add(const WholeRun& whole) override {
    const RunRecord& run = whole.run;
    Json object{{"run", run.short_identity()},
                {"identity", run.identity},
                {"group", run.group_identity.substr(0, 10)},
                {"experiment", run.experiment},
                {"experiment_version", run.experiment_version},
                {"seed", run.seed},
                {"status", name_of(run.status)},
                {"wanted_epochs", run.epochs},
                {"seconds", number_json(run.trained.count())},
                {"created", run.created_at}};
    put_known(object, "started", run.started_at);
    put_known(object, "ended", run.ended_at);
    if (!run.error.empty()) object["error"] = run.error;
    object["code"] = run.code_version;
    object["data"] = run.inputs.data;
    object["weights"] = run.inputs.weights;
    object["params"] = parameters_json(run.parameters);
    object["tags"] = Json::object();
    for (const auto& [name, text] : whole.tags) {
      object["tags"][name] = text.empty() ? Json(true) : Json(text);
    }
    object["notes"] = Json::array();
    for (const NoteRecord& note : whole.notes) {
      object["notes"].push_back({{"at", note.at}, {"text", note.text}});
    }
    object["epochs"] = Json::array();
    for (const EpochRecord& epoch : whole.epochs) object["epochs"].push_back(epoch_of(epoch));
    object["attempts"] = Json::array();
    for (const AttemptRecord& attempt : whole.attempts) {
      object["attempts"].push_back(attempt_json(attempt));
    }
    object["artifacts"] = Json::array();
    for (const ArtifactRecord& artifact : whole.artifacts) {
      Json entry{{"kind", name_of(artifact.kind)},
                 {"path", artifact.path},
                 {"sha256", artifact.sha256},
                 {"bytes", artifact.bytes}};
      if (artifact.type) {
        entry["type"] = name_of(*artifact.type);
        entry["name"] = artifact.name;
        entry["caption"] = artifact.caption;
      }
      put_known(entry, "epoch", artifact.epoch);
      object["artifacts"].push_back(std::move(entry));
    }
    object["events"] = Json::array();
    for (const EventRecord& event : whole.events) {
      object["events"].push_back({{"at", event.at}, {"kind", event.kind}, {"text", event.text}});
    }
    file_.add(std::exchange(is_first_, false) ? "[\n" : ",\n");
    std::string text = text_of(object);
    text.pop_back();  // the brace: values by step are appended as they are read, since they may be
                      // many
    file_.add(text);
    add_steps(run.id);
    add_samples(run.id);
    file_.add("}");
  }

  void finish() override {
    file_.add(is_first_ ? "[\n]\n" : "\n]\n");
    file_.close();
  }

 private:
  static std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  /// {"loss":{"step":[1,2],"value":[0.5,0.4]}}
  void add_steps(RunId run) {
    bool is_first = true;
    for (const StepMetric& metric : query_.step_metrics(run)) {
      file_.add(std::exchange(is_first, false) ? ",\"steps\":{" : ",");
      file_.add(text_of(Json(metric.name)) + ":{\"step\":[");
      add_list(run, metric.name, [](const StepChunk& chunk, std::size_t i) {
        return std::to_string(chunk.steps[i]);
      });
      file_.add("],\"value\":[");
      add_list(run, metric.name, [](const StepChunk& chunk, std::size_t i) {
        return text_of(number_json(chunk.values[i]));
      });
      file_.add("]}");
    }
    if (!is_first) file_.add("}");
  }

  /// [{"epoch":1,"set":"3f9c…","values":{"val.loss":[0.5,0.4]}}]
  void add_samples(RunId run) {
    bool is_first = true;
    query_.each_validation_samples(run, [&](Epoch epoch, const ValidationSamples& samples) {
      Json entry{{"epoch", epoch}, {"set", samples.set}, {"values", Json::object()}};
      for (const auto& [metric, values] : samples.values) {
        Json& list = entry["values"][metric] = Json::array();
        for (const double value : values) list.push_back(number_json(value));
      }
      file_.add(std::exchange(is_first, false) ? ",\"validation_samples\":[" : ",");
      file_.add(text_of(entry));
    });
    if (!is_first) file_.add("]");
  }

  template <typename TextOf>
  void add_list(RunId run, const std::string& metric, const TextOf& text_of_value) {
    bool is_first = true;
    query_.each_step_chunk(run, metric, [&](const StepChunk& chunk) {
      std::string text;
      for (std::size_t i = 0; i < chunk.steps.size(); ++i) {
        if (!std::exchange(is_first, false)) text += ',';
        text += text_of_value(chunk, i);
      }
      file_.add(text);
    });
  }

  Query query_;
  ExportFile file_;
  bool is_first_ = true;
};

}  // namespace

std::unique_ptr<RunExporter> make_json_exporter(const ExportTarget& target) {
  return std::make_unique<JsonExporter>(target);
}

}  // namespace epochal::store
