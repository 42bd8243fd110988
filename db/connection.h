#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <filesystem>
#include <memory>
#include <string>

#include "framework/base/error.h"

namespace epochal::store {

/// One SQLite connection to the store in a folder: `epochal.db` next to `artifacts/`.
class Connection {
 public:
  /// Creates the folder and the database if they are missing, and migrates an older schema, once,
  /// even if several processes try at the same time. Throws Error if the store cannot be written,
  /// is newer than this program, or is not a store.
  static Connection open_for_writing(const std::filesystem::path& folder);

  /// Throws Error if there is no store, or it cannot be read.
  static Connection open_for_reading(const std::filesystem::path& folder);

  SQLite::Database& database() const { return *database_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  Connection(std::filesystem::path folder, std::unique_ptr<SQLite::Database> database);

  std::filesystem::path folder_;
  std::unique_ptr<SQLite::Database> database_;
};

/// Lets a connection wait without limit for others that hold the store.
void be_patient(SQLite::Database& database);

/// Opens a database with SQLite's limits for a database of a stranger.
std::unique_ptr<SQLite::Database> open_database(const std::string& name, int flags);

/// The error for the user for a failure of SQLite. Used in `app`.
Error explain(const SQLite::Exception& exception);

/// Whether the disk was full: committed data is safe, and the runs can be resumed later.
bool is_want_of_room(const SQLite::Exception& exception);

/// The same for failures for which SQLite does not say whether the disk was full: no inode for the
/// log, or an exceeded quota. Ask the database before it does anything else.
bool may_be_want_of_room(const SQLite::Exception& exception);
bool is_want_of_room(const SQLite::Exception& exception, SQLite::Database& database);

/// Whether the database is damaged, is not a database, or lacks tables of its schema version.
bool is_damage(const SQLite::Exception& exception);

/// Whether the store or its disk (read-only, full, damaged) caused the failure, and not the
/// program.
bool is_user_error(const SQLite::Exception& exception);

}  // namespace epochal::store
