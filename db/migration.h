#pragma once

#include <SQLiteCpp/Database.h>

namespace epochal::store {

/// The schema version of this program: the number of its newest file in db/schema.
int newest_schema();

/// The schema version of a database; 0 for a new, empty one.
int schema_of(SQLite::Database& database);

/// Whether a database is a store or may become one: it has a store's application id, or the tables
/// of a store from before that id, or is empty. Only reads.
enum class DatabaseKind { store, empty, foreign };
DatabaseKind kind_of(SQLite::Database& database);

/// Applies the missing files up to schema `last`, each in its own transaction. The caller must make
/// sure that only one process does this at a time.
void migrate(SQLite::Database& database, int last = newest_schema());

}  // namespace epochal::store
