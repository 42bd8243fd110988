#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <filesystem>
#include <memory>
#include <string>

#include "framework/base/error.h"

namespace epochal {

/// One SQLite connection to the store in a folder: `epochal.db` beside `artifacts/`.
class Connection {
 public:
  /// Makes the folder and the database where they are missing and brings an older schema up to
  /// date, once, however many processes try at the same time. Throws Error if the store cannot be
  /// written, is newer than this program, or is not a store.
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

/// Lets a connection wait for others that hold the store, as long as it takes.
void be_patient(SQLite::Database& database);

/// Opens a database with SQLite's own bounds on what a stranger's may make it do.
std::unique_ptr<SQLite::Database> open_database(const std::string& name, int flags);

/// What a failure of SQLite means to the user, for the boundary in `app`.
Error explain(const SQLite::Exception& exception);

/// Whether there was no room to write: what was committed is safe, the rest can go on later.
bool is_want_of_room(const SQLite::Exception& exception);

/// Failures of which SQLite does not say whether there was room: no inode for the log, or a spent
/// quota. The database knows, as long as it has not done anything else.
bool may_be_want_of_room(const SQLite::Exception& exception);
bool is_want_of_room(const SQLite::Exception& exception, SQLite::Database& database);

/// Whether the database itself is broken, is none, or lacks what its schema's number promises.
bool is_damage(const SQLite::Exception& exception);

/// Whether the failure lies in the store or its disk (read-only, full, damaged) rather than in the
/// program.
bool is_user_error(const SQLite::Exception& exception);

}  // namespace epochal
