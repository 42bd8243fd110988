#pragma once

// Parts of Store's statements that several of its files need. Private to Store.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "db/records.h"
#include "db/statement_cache.h"

namespace epochal::store {

// Taking the write lock at the start avoids the deadlock of two readers that both want to write.
constexpr auto kWrite = SQLite::TransactionBehavior::IMMEDIATE;

/// Binds a value, or NULL if there is none.
template <typename T>
void bind_optional(SQLite::Statement& statement, const char* name, const std::optional<T>& value) {
  if (value) {
    statement.bind(name, *value);
  } else {
    statement.bind(name);
  }
}

/// Binds a text, or NULL for an empty one.
void bind_text_or_null(SQLite::Statement& statement, const char* name, const std::string& value);

/// JSON as text; bytes that are not UTF-8 are replaced.
std::string json_text(const nlohmann::json& value);

/// Binds :command, :directory, :commit, :dirty and :environment.
void bind_provenance(SQLite::Statement& statement, const Provenance& provenance);

/// Binds :boot, :pid_namespace, :pid and :pid_start.
void bind_process(SQLite::Statement& statement, const ProcessIdentity& process);

void take_out_of_trash(SQLite::Database& database, RunId run);

void set_parameter(StatementCache& statements, RunId run, const std::string& name,
                   const ParameterValue& value);

void insert_artifact(StatementCache& statements, RunId run, const ArtifactRecord& artifact);

}  // namespace epochal::store
