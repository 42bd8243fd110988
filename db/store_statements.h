#pragma once

// Parts of Store's statements that several of its files need. Private to Store.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "db/records.h"
#include "db/statement_cache.h"

namespace epochal::store {

// Taking the write lock at the start avoids the deadlock of two readers that both want to write.
constexpr auto kWrite = SQLite::TransactionBehavior::IMMEDIATE;

/// JSON as text; bytes that are not UTF-8 are replaced.
std::string json_text(const nlohmann::json& value);

void insert_artifact(StatementCache& statements, RunId run, const ArtifactRecord& artifact);

void insert_event(StatementCache& statements, RunId run, const EventRecord& event);

/// Gives a sweep a run at a place, from 1, unless the sweep has the run.
void put_into_sweep(StatementCache& statements, std::int64_t sweep, RunId run, std::int64_t place);

}  // namespace epochal::store
