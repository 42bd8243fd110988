#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <map>
#include <string_view>

namespace epochal {

/// A statement lent by a StatementCache, without bindings. At the end of its use it is reset, so
/// that it holds no lock.
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

/// The statements of one connection that are run again and again, each compiled once: compiling
/// one costs several times what running it on a row does. One use of a statement must end before
/// the next begins.
class StatementCache {
 public:
  /// The database must outlive the cache.
  explicit StatementCache(SQLite::Database& database) : database_(&database) {}

  /// The statement of this text, which must live as long as the cache, as literals do.
  PreparedStatement prepare(std::string_view literal);

 private:
  SQLite::Database* database_;
  std::map<std::string_view, SQLite::Statement> statements_;
};

}  // namespace epochal
