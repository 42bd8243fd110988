// Numbered SQL files, embedded at build time, applied in order; pragma user_version counts them.

#include "db/migration.h"

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "schema_001.h"
#include "schema_002.h"
#include "schema_003.h"
#include "schema_004.h"
#include "schema_005.h"
#include "schema_006.h"
#include "schema_007.h"
#include "schema_008.h"
#include "schema_009.h"
#include "schema_010.h"
#include "schema_011.h"
#include "schema_012.h"
#include "schema_013.h"

namespace epochal::store {
namespace {

constexpr std::array<std::string_view, 13> kSchemas{
    embedded::schema_001, embedded::schema_002, embedded::schema_003, embedded::schema_004,
    embedded::schema_005, embedded::schema_006, embedded::schema_007, embedded::schema_008,
    embedded::schema_009, embedded::schema_010, embedded::schema_011, embedded::schema_012,
    embedded::schema_013};

/// SQLite's application id of a store: "epoc".
constexpr std::int32_t kApplicationId = 0x65706f63;

/// Whether a view has the name of a table: it could compute forever.
bool has_view_for_table(SQLite::Database& database) {
  return database
             .execAndGet(
                 "select count(*) from sqlite_master where type = 'view' and name collate nocase "
                 "in ('sweep', "
                 "'run', 'sweep_run', 'parameter', 'host', 'attempt', 'epoch', 'metric_name', "
                 "'metric', 'metric_summary', 'utilisation', 'artifact', 'event', 'tag', 'note', "
                 "'forecast', 'cluster_job', 'cluster_task', 'declared_metric', "
                 "'objective_parameter', "
                 "'choice', 'command', 'run_command', 'step_chunk', 'validation_set', "
                 "'sample_values', 'search_trial')")
             .getInt() > 0;
}

}  // namespace

DatabaseKind kind_of(SQLite::Database& database) {
  const std::int32_t application = database.execAndGet("pragma application_id").getInt();
  if (application == kApplicationId) {
    const bool is_store = schema_of(database) > 0 && !has_view_for_table(database);
    return is_store ? DatabaseKind::store : DatabaseKind::foreign;
  }
  if (application != 0) return DatabaseKind::foreign;
  if (database.execAndGet("select count(*) from sqlite_master").getInt() == 0) {
    return schema_of(database) == 0 ? DatabaseKind::empty : DatabaseKind::foreign;
  }
  constexpr int kTablesOfTheFirstSchema = 6;
  const int tables = database
                         .execAndGet(
                             "select count(*) from sqlite_master where type = 'table' and name in "
                             "('run', 'attempt', 'epoch', 'metric', 'metric_name', 'sweep_run')")
                         .getInt();
  const bool is_store = tables == kTablesOfTheFirstSchema && schema_of(database) > 0;
  return is_store ? DatabaseKind::store : DatabaseKind::foreign;
}

int newest_schema() {
  return static_cast<int>(kSchemas.size());
}

int schema_of(SQLite::Database& database) {
  return database.execAndGet("pragma user_version").getInt();
}

void migrate(SQLite::Database& database, int last) {
  const int enforced = database.execAndGet("pragma foreign_keys").getInt();
  // A migration that remakes a table drops it first, which would delete all rows that refer to it.
  database.exec("pragma foreign_keys = off");
  for (int version = schema_of(database) + 1; version <= last; ++version) {
    SQLite::Transaction transaction(database);
    database.exec(std::string(kSchemas.at(static_cast<std::size_t>(version) - 1)));
    database.exec(fmt::format("pragma user_version = {}", version));
    database.exec(fmt::format("pragma application_id = {}", kApplicationId));
    transaction.commit();
  }
  database.exec(fmt::format("pragma foreign_keys = {}", enforced));
}

}  // namespace epochal::store
