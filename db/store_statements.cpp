// Binds values to statements, and writes rows of several tables.

#include "db/store_statements.h"

#include <nlohmann/json.hpp>

namespace epochal::store {

using SQLite::Statement;

void bind_text_or_null(SQLite::Statement& statement, const char* name, const std::string& value) {
  if (value.empty()) {
    statement.bind(name);
  } else {
    statement.bind(name, value);
  }
}

std::string json_text(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void bind_provenance(SQLite::Statement& statement, const Provenance& provenance) {
  statement.bind(":command", provenance.command);
  statement.bind(":directory", provenance.directory);
  statement.bind(":commit", provenance.git_commit);
  statement.bind(":dirty", provenance.git_is_dirty ? 1 : 0);
  statement.bind(":environment", json_text(provenance.environment));
}

void bind_process(SQLite::Statement& statement, const ProcessIdentity& process) {
  statement.bind(":boot", process.boot);
  statement.bind(":pid_namespace", process.pid_namespace);
  statement.bind(":pid", process.pid);
  statement.bind(":pid_start", process.start);
}

void take_out_of_trash(SQLite::Database& database, RunId run) {
  Statement restore(database, "update run set trashed_at = null where id = :run");
  restore.bind(":run", run.value);
  restore.exec();
}

void set_parameter(StatementCache& statements, RunId run, const std::string& name,
                   const ParameterValue& value) {
  const PreparedStatement insert = statements.prepare(
      "insert into parameter (run_id, name, type, value) "
      "values (:run, :name, :type, :value) "
      "on conflict do update set type = excluded.type, value = excluded.value");
  insert->bind(":run", run.value);
  insert->bind(":name", name);
  if (const auto* flag = std::get_if<bool>(&value)) {
    insert->bind(":type", "boolean");
    insert->bind(":value", *flag ? 1 : 0);
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    insert->bind(":type", "integer");
    insert->bind(":value", *whole);
  } else if (const auto* number = std::get_if<double>(&value)) {
    insert->bind(":type", "real");
    insert->bind(":value", *number);
  } else {
    insert->bind(":type", "text");
    insert->bind(":value", std::get<std::string>(value));
  }
  insert->exec();
}

void insert_artifact(StatementCache& statements, RunId run, const ArtifactRecord& artifact) {
  const PreparedStatement insert = statements.prepare(
      "insert into artifact (run_id, epoch, kind, type, name, caption, path, sha256, bytes) "
      "values (:run, :epoch, :kind, :type, :name, :caption, :path, :sha256, :bytes) "
      "on conflict (path) do update set sha256 = excluded.sha256, "
      "bytes = excluded.bytes, caption = excluded.caption, type = excluded.type");
  insert->bind(":run", run.value);
  bind_optional(*insert, ":epoch", artifact.epoch);
  insert->bind(":kind", std::string(name_of(artifact.kind)));
  bind_text_or_null(*insert, ":type",
                    artifact.type ? std::string(name_of(*artifact.type)) : std::string());
  insert->bind(":name", artifact.name);
  insert->bind(":caption", artifact.caption);
  insert->bind(":path", artifact.path);
  bind_text_or_null(*insert, ":sha256", artifact.sha256);
  if (artifact.sha256.empty()) {
    insert->bind(":bytes");  // a log that is still growing
  } else {
    insert->bind(":bytes", artifact.bytes);
  }
  insert->exec();
}

}  // namespace epochal::store
