// Runs the user's SQL safely.

#include "db/read_only_sql.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>

#include "db/connection.h"

namespace epochal::store {
namespace {

using Clock = std::chrono::steady_clock;

struct Watch {
  Clock::time_point end;
  const std::function<bool()>& must_stop;
  bool is_over = false;
};

/// The only functions of SQLite that do more than compute.
bool has_effects(const char* function) {
  const std::string_view name = function == nullptr ? "" : function;
  return name == "load_extension" || name == "fts3_tokenizer";
}

int only_reading(void*, int action, const char*, const char* second, const char*, const char*) {
  if (action == SQLITE_FUNCTION && has_effects(second)) return SQLITE_DENY;
  const bool is_reading = action == SQLITE_SELECT || action == SQLITE_READ ||
                          action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE;
  return is_reading ? SQLITE_OK : SQLITE_DENY;
}

int look_at_watch(void* pointer) {
  auto* watch = static_cast<Watch*>(pointer);
  watch->is_over = Clock::now() >= watch->end;
  return watch->is_over || watch->must_stop() ? 1 : 0;
}

CellValue cell_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(statement, column));
      std::string text = "x'";
      for (int i = 0; i < sqlite3_column_bytes(statement, column); ++i) {
        text += fmt::format("{:02x}", bytes[i]);
      }
      return text + "'";
    }
    default:
      return {};
  }
}

Error fault(sqlite3* database, const Watch& watch) {
  const int code = sqlite3_errcode(database);
  if (code == SQLITE_INTERRUPT) {
    return watch.is_over ? Error("the query took too long and was stopped", {},
                                 "give it more time with --timeout, or select less")
                         : Error("the query was stopped");
  }
  if (code == SQLITE_AUTH) {
    return Error("the SQL may only read", {}, "write one SELECT");
  }
  const int at = sqlite3_error_offset(database);
  return Error(sqlite3_errmsg(database),
               at < 0 ? std::string("SQL") : fmt::format("SQL, byte {}", at + 1),
               "the views runs, epochs, curves, steps, validation_samples and best_epochs are "
               "described in docs/asking.md");
}

}  // namespace

void read_only_sql(const std::filesystem::path& folder, const std::string& sql,
                   std::chrono::duration<double> limit, const std::function<bool()>& must_stop,
                   const SqlSink& sink) {
  const Connection connection = Connection::open_for_reading(folder);
  sqlite3* database = connection.database().getHandle();
  Watch watch{Clock::now() + std::chrono::duration_cast<Clock::duration>(limit), must_stop};
  // The views use aggregates that SQLite does not mark as innocuous; the authorizer protects
  // instead.
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, nullptr);
  sqlite3_set_authorizer(database, only_reading, nullptr);
  constexpr int kInstructionsBetweenLooks = 10'000;
  sqlite3_progress_handler(database, kInstructionsBetweenLooks, look_at_watch, &watch);

  sqlite3_stmt* prepared = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &prepared, &rest);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
  if (code != SQLITE_OK) throw fault(database, watch);
  if (prepared == nullptr) throw Error("there is no SQL to run", {}, "write one SELECT");
  const std::string_view behind(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (behind.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    throw Error("there is more than one statement", {}, "write one SELECT");
  }

  const int count = sqlite3_column_count(prepared);
  std::vector<std::string> columns;
  for (int i = 0; i < count; ++i) columns.emplace_back(sqlite3_column_name(prepared, i));
  sink.columns(columns);
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
    std::vector<CellValue> row;
    for (int i = 0; i < count; ++i) row.push_back(cell_of(prepared, i));
    sink.row(row);
  }
  if (step != SQLITE_DONE) throw fault(database, watch);
}

}  // namespace epochal::store
