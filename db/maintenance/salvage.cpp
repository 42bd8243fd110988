// Reads a damaged database table by table, row by row, until SQLite gives up.

#include "db/maintenance/salvage.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include "db/connection.h"
#include "db/in_quotes.h"
#include "db/query_columns.h"

namespace epochal::store {
namespace {

Salvage::Table read_through(SQLite::Database& database, const std::string& name) {
  Salvage::Table table{name};
  try {
    SQLite::Statement row(database, "select * from " + in_quotes(name));
    while (row.executeStep()) ++table.rows;
    table.is_whole = true;
  } catch (const SQLite::Exception&) {  // reads up to the damage
  }
  return table;
}

}  // namespace

Salvage salvageable(const std::filesystem::path& folder) {
  Salvage salvage;
  try {
    const auto database = open_database(folder / "epochal.db", SQLite::OPEN_READONLY);
    database->exec("pragma trusted_schema = off");
    for (const std::string& name : texts_of(
             *database, "select name from sqlite_schema where type = 'table' order by rootpage")) {
      salvage.tables.push_back(read_through(*database, name));
    }
  } catch (const SQLite::Exception&) {  // then no table can be read
  }
  return salvage;
}

}  // namespace epochal::store
