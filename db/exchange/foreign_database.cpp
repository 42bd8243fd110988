// Opens SQLite databases of other tools.

#include "db/exchange/foreign_database.h"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "db/connection.h"

namespace epochal::store {

std::unique_ptr<SQLite::Database> open_foreign_database(const std::filesystem::path& file,
                                                        const std::string& tool,
                                                        const std::vector<std::string>& tables) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    throw Error(fmt::format("there is no database of {} here", tool), file, "name its file");
  }
  try {
    auto database = open_database(file, SQLite::OPEN_READONLY);
    database->exec("pragma trusted_schema = off");
    for (const std::string& table : tables) {
      SQLite::Statement row(*database,
                            "select 1 from sqlite_master where type = 'table' and name = :name "
                            "and sql not like 'create virtual%'");
      row.bind(":name", table);
      if (row.executeStep()) continue;
      throw Error(fmt::format("the database has no table '{}', so it is none of {}", table, tool),
                  file, "name another file");
    }
    return database;
  } catch (const SQLite::Exception& exception) {
    throw Error(fmt::format("the database cannot be read: {}", exception.what()), file,
                "check the file");
  }
}

}  // namespace epochal::store
