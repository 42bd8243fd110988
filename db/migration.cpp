// Numbered SQL files, embedded at build time, applied in order; pragma user_version counts them.

#include "db/migration.h"

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <array>
#include <string_view>

#include "schema_001.h"
#include "schema_002.h"
#include "schema_003.h"
#include "schema_004.h"
#include "schema_005.h"
#include "schema_006.h"
#include "schema_007.h"

namespace epochal {
namespace {

constexpr std::array<std::string_view, 7> kSchemas{
    embedded::schema_001, embedded::schema_002, embedded::schema_003, embedded::schema_004,
    embedded::schema_005, embedded::schema_006, embedded::schema_007};

}  // namespace

int newest_schema() {
  return static_cast<int>(kSchemas.size());
}

int schema_of(SQLite::Database& database) {
  return database.execAndGet("pragma user_version").getInt();
}

void migrate(SQLite::Database& database, int last) {
  const int enforced = database.execAndGet("pragma foreign_keys").getInt();
  // A table that is made again is dropped first, which would take along all that refers to it.
  database.exec("pragma foreign_keys = off");
  for (int version = schema_of(database) + 1; version <= last; ++version) {
    SQLite::Transaction transaction(database);
    database.exec(std::string(kSchemas.at(static_cast<std::size_t>(version) - 1)));
    database.exec(fmt::format("pragma user_version = {}", version));
    transaction.commit();
  }
  database.exec(fmt::format("pragma foreign_keys = {}", enforced));
}

}  // namespace epochal
