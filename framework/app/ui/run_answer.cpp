// Everything about one run.

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "db/artifact_path.h"
#include "db/maintenance/lost_runs.h"
#include "framework/app/ui/answer_values.h"

namespace epochal::app {
namespace {

constexpr std::size_t kMostRows = 1000;
constexpr std::int64_t kLogPart = 64 * std::int64_t{1024};

/// The last entries of a list that may be long.
template <typename Entry>
std::vector<Entry> newest(std::vector<Entry> all) {
  if (all.size() > kMostRows) {
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(kMostRows));
  }
  return all;
}

Answer whole_attempt_json(const store::AttemptRecord& attempt) {
  Answer json = store::attempt_json(attempt);
  json["build"] = attempt.build;
  json["heartbeat"] = attempt.heartbeat_at;
  store::put_known(json, "first_epoch", attempt.first_epoch);
  store::put_known(json, "last_epoch", attempt.last_epoch);
  return json;
}

Answer artifact_json(const store::ArtifactRecord& artifact) {
  Answer json{{"id", artifact.id},      {"kind", name_of(artifact.kind)},
              {"name", artifact.name},  {"caption", artifact.caption},
              {"path", artifact.path},  {"sha256", artifact.sha256},
              {"bytes", artifact.bytes}};
  if (artifact.type) json["type"] = name_of(*artifact.type);
  if (const std::string media = media_type_of(artifact); !media.empty()) json["media"] = media;
  store::put_known(json, "epoch", artifact.epoch);
  return json;
}

Answer metrics_json(const store::Query& query, const store::RunRecord& run) {
  const store::Declarations declarations = query.declarations();
  auto summaries = query.metric_summaries({run.id});
  Answer metrics = Answer::array();
  for (const auto& [name, summary] : summaries[run.id]) {
    Answer metric{{"name", name},
                  {"last", number_json(summary.last)},
                  {"lowest", number_json(summary.lowest)},
                  {"lowest_epoch", summary.lowest_epoch},
                  {"highest", number_json(summary.highest)},
                  {"highest_epoch", summary.highest_epoch},
                  {"mean", number_json(summary.mean)}};
    if (const MetricSpec* spec = declarations.metric(run, name)) {
      if (spec->better) metric["better"] = name_of(*spec->better);
      metric["unit"] = spec->unit;
      metric["meaning"] = spec->doc;
    }
    metrics.push_back(std::move(metric));
  }
  return metrics;
}

Answer steps_json(const store::Query& query, store::RunId run) {
  Answer metrics = Answer::array();
  for (const store::StepMetric& metric : query.step_metrics(run)) {
    metrics.push_back({{"name", metric.name},
                       {"count", metric.count},
                       {"first_step", metric.first_step},
                       {"last_step", metric.last_step}});
  }
  return metrics;
}

/// The record of the run itself.
Answer head_json(const store::RunRecord& run) {
  Answer json{{"run", run.short_identity()},
              {"identity", run.identity},
              {"setting", run.group_identity.substr(0, 10)},
              {"experiment", run.experiment},
              {"experiment_version", run.experiment_version},
              {"seed", run.seed},
              {"status", name_of(run.status)},
              {"epochs_done", run.epochs_done},
              {"epochs", run.epochs},
              {"seconds", run.trained.count()},
              {"created", run.created_at}};
  store::put_known(json, "started", run.started_at);
  store::put_known(json, "ended", run.ended_at);
  if (!run.error.empty()) json["error"] = run.error;
  json["code"] = run.code_version;
  json["data"] = run.inputs.data;
  json["weights"] = run.inputs.weights;
  json["params"] = store::parameters_json(run.parameters);
  return json;
}

void add_labels(Answer& json, const store::Query& query, store::RunId run) {
  json["tags"] = query.tags(run);
  json["notes"] = Answer::array();
  for (const store::NoteRecord& note : query.notes(run)) {
    json["notes"].push_back({{"at", note.at}, {"text", note.text}});
  }
  json["events"] = Answer::array();
  for (const store::EventRecord& event : newest(query.events(run))) {
    json["events"].push_back({{"at", event.at}, {"kind", event.kind}, {"text", event.text}});
  }
}

void add_attempts(Answer& json, const store::Query& query, store::RunId run) {
  json["is_lost"] = false;
  json["attempts"] = Answer::array();
  for (const store::AttemptRecord& attempt : newest(query.attempts(run))) {
    json["attempts"].push_back(whole_attempt_json(attempt));
    if (attempt.ended_at) continue;
    json["is_lost"] = store::is_lost(attempt);
    if (attempt.live) json["live"] = live_json(*attempt.live);
  }
}

void add_artifacts(Answer& json, const store::Query& query, store::RunId run) {
  const std::vector<store::ArtifactRecord> artifacts = query.artifacts(run);
  json["artifacts"] = Answer::array();
  json["logs"] = Answer::array();
  for (const store::ArtifactRecord& artifact : artifacts) {
    if (artifact.kind != store::ArtifactRecord::Kind::log) continue;
    json["logs"].push_back({{"attempt", json["logs"].size() + 1}});
  }
  for (const store::ArtifactRecord& artifact : newest(artifacts)) {
    json["artifacts"].push_back(artifact_json(artifact));
  }
}

/// The position of a UTF-8 character that the end of the text cuts; the text's size if none is cut.
std::size_t whole_characters(const std::string& text) {
  const auto is_following = [&](std::size_t i) {
    return (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
  };
  std::size_t begin = text.size();
  while (begin > 0 && text.size() - begin < 4) {
    --begin;
    if (is_following(begin)) continue;
    const auto lead = static_cast<unsigned char>(text[begin]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return begin + length <= text.size() ? text.size() : begin;
  }
  return text.size();
}

}  // namespace

Answer run_answer(const store::Query& query, const std::string& word) {
  const store::RunRecord run = named_run(query, word);
  Answer json = head_json(run);
  json["choices"] = query.choices(run.id);
  json["objective"] = query.declarations().objective(run);
  json["metrics"] = metrics_json(query, run);
  json["step_metrics"] = steps_json(query, run.id);
  add_labels(json, query, run.id);
  json["sweeps"] = Answer::array();
  for (const store::SweepRecord& sweep : query.sweeps_of(run.id)) {
    json["sweeps"].push_back(fmt::format("{}@{}", sweep.name, sweep.content_hash.substr(0, 8)));
  }
  json["epochs_table"] = Answer::array();
  for (const store::EpochRecord& epoch : newest(query.bare_epochs(run.id))) {
    Answer row = store::epoch_json(epoch);
    if (epoch.learning_rate) row["learning_rate"] = number_json(*epoch.learning_rate);
    json["epochs_table"].push_back(std::move(row));
  }
  add_attempts(json, query, run.id);
  add_artifacts(json, query, run.id);
  if (const auto forecast = query.forecast(run.identity)) {
    json["forecast"] = {{"seconds", forecast->seconds.count()},
                        {"epochs", forecast->epochs},
                        {"made", forecast->made_at},
                        {"peak_bytes", forecast->peak_bytes}};
  }
  return json;
}

Answer log_answer(const store::Query& query, const std::string& word,
                  const RequestParameters& parameters) {
  const store::RunRecord run = named_run(query, word);
  const std::vector<store::ArtifactRecord> logs = query.logs(run.id);
  if (logs.empty()) throw NotFound("the run has no log");
  const auto count = static_cast<std::int64_t>(logs.size());
  const std::int64_t attempt = parameters.whole("attempt", count, 1, count);
  const auto file =
      store::readable_artifact(query.folder(), logs[static_cast<std::size_t>(attempt - 1)].path);
  if (!file) throw NotFound("the log's file is missing");

  std::ifstream in(file->path(), std::ios::binary | std::ios::ate);
  const auto bytes = static_cast<std::int64_t>(in.tellg());
  constexpr std::int64_t kLargest = std::int64_t{1} << 50;
  std::int64_t from = parameters.whole("from", 0, -kLargest, kLargest);
  if (from < 0) from = std::max<std::int64_t>(0, bytes + from);
  from = std::min(from, bytes);
  std::string text(static_cast<std::size_t>(std::min(kLogPart, bytes - from)), '\0');
  in.seekg(from);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (from + static_cast<std::int64_t>(text.size()) < bytes) text.resize(whole_characters(text));
  const std::int64_t next = from + static_cast<std::int64_t>(text.size());
  return {{"attempt", attempt},
          {"from", from},
          {"text", std::move(text)},
          {"next", next},
          {"bytes", bytes}};
}

Answer utilisation_answer(const store::Query& query, const std::string& word) {
  constexpr std::size_t kMostPoints = 20'000;
  const store::RunRecord run = named_run(query, word);
  Answer points = Answer::array();
  for (const auto& [epoch, samples] : query.utilisation(run.id)) {
    for (const Utilisation& sample : samples) {
      if (points.size() == kMostPoints) return {{"points", points}};
      Answer point = store::utilisation_json(sample);
      point["epoch"] = epoch;
      points.push_back(std::move(point));
    }
  }
  return {{"points", points}};
}

Answer pictures_answer(const store::Query& query, const RequestParameters& parameters) {
  std::set<std::string> names;
  std::set<Epoch> epochs;
  Answer pictures = Answer::array();
  for (const store::RunRecord& run : named_runs(query, parameters)) {
    for (const store::ArtifactRecord& artifact : query.artifacts(run.id)) {
      const std::string media = media_type_of(artifact);
      if (!artifact.epoch || !media.starts_with("image/")) continue;
      names.insert(artifact.name);
      epochs.insert(*artifact.epoch);
      pictures.push_back({{"run", run.short_identity()},
                          {"name", artifact.name},
                          {"epoch", *artifact.epoch},
                          {"id", artifact.id},
                          {"caption", artifact.caption},
                          {"media", media}});
    }
  }
  return {{"names", names}, {"epochs", epochs}, {"pictures", pictures}};
}

}  // namespace epochal::app
