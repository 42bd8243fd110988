#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "db/named_values.h"

namespace epochal::store {

/// A statement from a StatementCache, without bindings. It is reset after use, so that it holds no
/// lock.
class PreparedStatement {
 public:
  explicit PreparedStatement(SQLite::Statement& statement) : statement_(statement) {}
  ~PreparedStatement();
  PreparedStatement(const PreparedStatement&) = delete;
  PreparedStatement& operator=(const PreparedStatement&) = delete;

  SQLite::Statement& operator*() const { return statement_; }
  SQLite::Statement* operator->() const { return &statement_; }

 private:
  SQLite::Statement& statement_;
};

/// The frequent statements of one connection, each compiled once: compiling a statement costs
/// several times as much as running it on a row. One use of a statement must end before the next.
class StatementCache {
 public:
  /// The database must outlive the cache.
  explicit StatementCache(SQLite::Database& database) : database_(&database) {}

  /// The statement with this text. The text must live as long as the cache; literals do.
  PreparedStatement prepare(std::string_view literal);

  /// Runs the statement with this text. Returns how many rows changed.
  int execute(std::string_view literal, NamedValues values);

  /// The whole number that the statement answers, such as the id of a new row; none if it answers
  /// no row.
  std::optional<std::int64_t> integer(std::string_view literal, NamedValues values);

 private:
  SQLite::Database* database_;
  std::map<std::string_view, SQLite::Statement> statements_;
};

}  // namespace epochal::store
