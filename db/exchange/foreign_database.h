#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace epochal::store {

/// Another tool's SQLite database, opened for reading. Only its tables are read: a view of a
/// stranger could run for ever. `tool` is for messages. Throws Error if a table is missing.
std::unique_ptr<SQLite::Database> open_foreign_database(const std::filesystem::path& file,
                                                        const std::string& tool,
                                                        const std::vector<std::string>& tables);

}  // namespace epochal::store
