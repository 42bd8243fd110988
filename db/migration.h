#pragma once

#include <SQLiteCpp/Database.h>

namespace epochal {

/// The schema version of this program: the number of its newest file in db/schema.
int newest_schema();

/// The schema version of a database; 0 for a new, empty one.
int schema_of(SQLite::Database& database);

/// Whether a database is a store, or may become one: it says so itself, has the tables of a store
/// from before it did, or holds nothing at all. Reads only.
enum class DatabaseKind { store, empty, foreign };
DatabaseKind kind_of(SQLite::Database& database);

/// Applies what is missing up to schema `last`, each numbered file in a transaction of its own. The
/// caller sees to it that one process does this at a time.
void migrate(SQLite::Database& database, int last = newest_schema());

}  // namespace epochal
