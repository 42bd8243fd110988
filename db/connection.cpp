// Opens the store's database with the settings that durability needs.

#include "db/connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "db/maintenance/backup.h"
#include "db/migration.h"
#include "db/step_chunk.h"
#include "framework/base/disk_full.h"
#include "framework/system/file_system.h"

namespace epochal::store {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kDatabaseFile = "epochal.db";

/// An exclusive lock on a file of the store while the database is created or migrated.
class CreationLock {
 public:
  explicit CreationLock(const fs::path& folder)
      : file_(open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (file_ < 0 || flock(file_, LOCK_EX) != 0) {
      const std::error_code error(errno, std::generic_category());
      if (file_ >= 0) close(file_);
      if (epochal::is_want_of_room(error)) throw DiskFull(folder);
      throw Error("the store cannot be written: " + error.message(), folder,
                  "make it writable, or choose another with --store");
    }
  }
  ~CreationLock() { close(file_); }
  CreationLock(const CreationLock&) = delete;
  CreationLock& operator=(const CreationLock&) = delete;

 private:
  int file_;
};

/// Throws Error if the database is a symbolic link, before anything is written: a link could lead
/// to any file of the user.
void refuse_links(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_symlink(folder / kDatabaseFile, error)) return;
  throw Error("the store's epochal.db is a symbolic link", folder,
              "name the folder of the database itself with --store");
}

void refuse_foreign(SQLite::Database& database, const fs::path& folder) {
  if (kind_of(database) != DatabaseKind::foreign) return;
  throw Error("epochal.db in this folder is another program's database, not a store", folder,
              "choose another folder with --store");
}

void refuse_newer(SQLite::Database& database, const fs::path& folder) {
  const int version = schema_of(database);
  if (version <= newest_schema()) return;
  throw Error(fmt::format("the store has schema {}, but this epochal knows schemas up to {}",
                          version, newest_schema()),
              folder, "use the newer epochal that wrote it");
}

/// Waits as long as another process holds the store: giving up would fail the run. `count`: how
/// often it has waited for the same lock.
int wait_for_the_other(void* /*unused*/, int count) {
  constexpr int kLongestMilliseconds = 100;
  constexpr int kTellAt = 150;  // after about ten seconds
  if (count == kTellAt) {
    std::fputs("epochal: the store is busy: waiting for the process that uses it\n", stderr);
  }
  usleep(1000U * static_cast<unsigned>(std::min(count + 1, kLongestMilliseconds)));
  return 1;
}

void set_up(SQLite::Database& database) {
  be_patient(database);
  database.exec("pragma foreign_keys = on");
  // FULL: a committed epoch survives a power cut, not only a crash of the program.
  database.exec("pragma synchronous = full");
  // A store may come from a stranger: its schema must not be able to call functions with effects.
  database.exec("pragma trusted_schema = off");
}

void make_folders(const fs::path& folder) {
  std::error_code error;
  make_folders_durably(folder / "artifacts", error);
  if (error) {
    if (epochal::is_want_of_room(error)) throw DiskFull(folder);
    throw Error("the store cannot be created: " + error.message(), folder,
                "make the folder writable, or choose another with --store");
  }
}

/// Escapes '?', '#' and '%', which have a meaning in SQLite's file URIs.
std::string as_uri(const fs::path& file, std::string_view query) {
  std::string uri = "file:";
  for (const char c : fs::absolute(file).string()) {
    if (c == '?' || c == '#' || c == '%') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + std::string(query);
}

std::unique_ptr<SQLite::Database> open_read_only(const fs::path& file) {
  auto database = open_database(file, SQLite::OPEN_READONLY);
  be_patient(*database);
  try {
    schema_of(*database);
    return database;
  } catch (const SQLite::Exception& exception) {
    // In a read-only folder, a WAL database cannot create its shared memory. If there is no log,
    // nobody is writing, and the file can be read as it is. In a writable folder, a writer that
    // closes at this moment may have removed these files, and the log of the next writer must not
    // be skipped.
    const bool no_log = !fs::exists(file.string() + "-wal");
    const bool can_be_written = access(file.parent_path().c_str(), W_OK) == 0;
    const int code = exception.getErrorCode();
    if ((code != SQLITE_CANTOPEN && code != SQLITE_READONLY) || !no_log || can_be_written) throw;
  }
  return open_database(as_uri(file, "?immutable=1"), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
}

/// Our own statements are valid: if SQLite cannot prepare one, or SQLiteCpp finds no such column
/// (its own code is -1), a table is not as epochal made it.
bool lacks_its_schema(const SQLite::Exception& exception) {
  const int code = exception.getErrorCode();
  return code == SQLITE_ERROR || code == SQLITE_TOOBIG || code == -1;
}

}  // namespace

void be_patient(SQLite::Database& database) {
  sqlite3_busy_handler(database.getHandle(), wait_for_the_other, nullptr);
}

Connection::Connection(fs::path folder, std::unique_ptr<SQLite::Database> database)
    : folder_(std::move(folder)), database_(std::move(database)) {}

Connection Connection::open_for_writing(const fs::path& folder) {
  refuse_links(folder);
  make_folders(folder);
  const CreationLock lock(folder);
  auto database =
      open_database(folder / kDatabaseFile, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  set_up(*database);
  refuse_foreign(*database, folder);
  refuse_newer(*database, folder);
  if (const int schema = schema_of(*database); schema < newest_schema()) {
    if (schema > 0) back_up(*database, folder, schema);
    database->exec("pragma journal_mode = wal");
    migrate(*database);
  }
  if (sqlite3_db_readonly(database->getHandle(), "main") == 1) {
    throw Error("the store cannot be written: its database is read-only", folder,
                "make it writable, or choose another with --store");
  }
  return {folder, std::move(database)};
}

Connection Connection::open_for_reading(const fs::path& folder) {
  const fs::path file = folder / kDatabaseFile;
  std::error_code error;
  if (!fs::exists(file, error)) {
    throw Error("there is no store here", folder,
                "run a sweep first, or name its folder with --store or EPOCHAL_STORE");
  }
  refuse_links(folder);
  auto database = open_read_only(file);
  refuse_foreign(*database, folder);
  refuse_newer(*database, folder);
  if (schema_of(*database) < newest_schema()) {
    open_for_writing(folder);
    database = open_read_only(file);
  }
  database->exec("pragma trusted_schema = off");
  // A query may touch thousands of pages: reading mapped pages needs no system calls.
  database->exec("pragma mmap_size = 1073741824");
  return {folder, std::move(database)};
}

std::unique_ptr<SQLite::Database> open_database(const std::string& name, int flags) {
  // SQLite allocates memory for any length that a row claims. Our values are much shorter than
  // this.
  constexpr int kLongestValue = 32 << 20;
  auto database = std::make_unique<SQLite::Database>(name, flags);
  sqlite3_limit(database->getHandle(), SQLITE_LIMIT_LENGTH, kLongestValue);
  add_step_functions(database->getHandle());
  return database;
}

bool is_want_of_room(const SQLite::Exception& exception) {
  return exception.getErrorCode() == SQLITE_FULL;
}

bool may_be_want_of_room(const SQLite::Exception& exception) {
  const int code = exception.getErrorCode();
  return code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
}

bool is_want_of_room(const SQLite::Exception& exception, SQLite::Database& database) {
  if (is_want_of_room(exception)) return true;
  const int reason = sqlite3_system_errno(database.getHandle());
  return may_be_want_of_room(exception) &&
         epochal::is_want_of_room(std::error_code(reason, std::generic_category()));
}

bool is_damage(const SQLite::Exception& exception) {
  const int code = exception.getErrorCode();
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || lacks_its_schema(exception);
}

bool is_user_error(const SQLite::Exception& exception) {
  switch (exception.getErrorCode()) {
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
      return true;
    default:
      return is_damage(exception);
  }
}

Error explain(const SQLite::Exception& exception) {
  switch (exception.getErrorCode()) {
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Error("the store cannot be written: it is read-only", {},
                   "make it writable, or choose another with --store");
    case SQLITE_CANTOPEN:
      return Error("the store's database cannot be opened", {},
                   "check the folder's permissions, or choose another with --store");
    case SQLITE_FULL:
      return Error("the disk of the store is full", {}, "free some space and run the sweep again");
    case SQLITE_IOERR:
      return Error("the disk of the store failed", {}, "check the disk and run the sweep again");
    case SQLITE_BUSY:
      return Error("the store is busy", {},
                   "wait for the other process that writes it, then try again");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(
          "the store's epochal.db is damaged or not a database", {},
          "check with `epochal doctor` what can still be read, restore a backup, or choose "
          "another store with --store");
    case SQLITE_ERROR:
    case SQLITE_TOOBIG:
    case -1:
      return Error(fmt::format("the store's epochal.db does not have the tables of epochal: {}",
                               exception.what()),
                   {},
                   "check it with `epochal doctor`, restore a backup, or choose another "
                   "store with --store");
    default:
      return Error(fmt::format("SQLite: {}", exception.what()));
  }
}

}  // namespace epochal::store
