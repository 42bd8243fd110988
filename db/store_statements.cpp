// Statements that write rows of several tables.

#include "db/store_statements.h"

#include <nlohmann/json.hpp>

namespace epochal::store {

using SQLite::Statement;

std::string json_text(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void insert_artifact(StatementCache& statements, RunId run, const ArtifactRecord& artifact) {
  // Without a hash it is a log that is still growing.
  const std::optional<std::string_view> hash = text_or_null(artifact.sha256);
  statements.execute(
      "insert into artifact (run_id, epoch, kind, type, name, caption, path, sha256, bytes) "
      "values (:run, :epoch, :kind, :type, :name, :caption, :path, :sha256, :bytes) "
      "on conflict (path) do update set sha256 = excluded.sha256, "
      "bytes = excluded.bytes, caption = excluded.caption, type = excluded.type",
      {{":run", run.value},
       {":epoch", artifact.epoch},
       {":kind", name_of(artifact.kind)},
       {":type", artifact.type ? std::optional(name_of(*artifact.type)) : std::nullopt},
       {":name", artifact.name},
       {":caption", artifact.caption},
       {":path", artifact.path},
       {":sha256", hash},
       {":bytes", hash ? std::optional(artifact.bytes) : std::nullopt}});
}

void insert_event(StatementCache& statements, RunId run, const EventRecord& event) {
  statements.execute(
      "insert into event (run_id, at, kind, text) values (:run, :at, :kind, :text)",
      {{":run", run.value}, {":at", event.at}, {":kind", event.kind}, {":text", event.text}});
}

void put_into_sweep(StatementCache& statements, std::int64_t sweep, RunId run, std::int64_t place) {
  statements.execute(
      "insert into sweep_run (sweep_id, run_id, position) values (:sweep, :run, :place) "
      "on conflict do nothing",
      {{":sweep", sweep}, {":run", run.value}, {":place", place}});
}

}  // namespace epochal::store
