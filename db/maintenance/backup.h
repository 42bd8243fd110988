#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <vector>

namespace epochal {

/// Copies a database of an older schema beside itself, as `epochal.db.schema-N.backup`, before it
/// is migrated. The copy is there whole or not at all. Throws SQLite::Exception or Error.
void back_up(SQLite::Database& database, const std::filesystem::path& folder, int schema);

/// The backups in a store's folder, newest schema last.
std::vector<std::filesystem::path> backups_in(const std::filesystem::path& folder);

}  // namespace epochal
