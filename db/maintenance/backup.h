#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <vector>

namespace epochal::store {

/// Copies a database of an older schema to `epochal.db.schema-N.backup` in the same folder, before
/// its migration. The copy is complete or does not exist. Throws SQLite::Exception or Error.
void back_up(SQLite::Database& database, const std::filesystem::path& folder, int schema);

/// The backups in a store's folder, newest schema last.
std::vector<std::filesystem::path> backups_in(const std::filesystem::path& folder);

}  // namespace epochal::store
