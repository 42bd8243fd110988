#pragma once

// Converts the rows of statements to values. Private to db.

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/named_values.h"
#include "db/records.h"

namespace epochal::store {

/// What `read` makes of each row.
template <typename Read>
auto read_all(SQLite::Statement& rows, Read read) {
  std::vector<decltype(read(rows))> values;
  while (rows.executeStep()) values.push_back(read(rows));
  return values;
}

/// The texts in the first column of all rows.
std::vector<std::string> texts_of(SQLite::Statement& rows);
/// The same of a statement that has no values.
std::vector<std::string> texts_of(SQLite::Database& database, const std::string& sql);

std::optional<double> optional_real(const SQLite::Column& column);
std::optional<std::int64_t> optional_integer(const SQLite::Column& column);
std::optional<Epoch> optional_epoch(const SQLite::Column& column);

/// NULL is NaN, as the schema has it.
double real_or_nan(const SQLite::Column& column);

/// Names the run or sweep of a value, and the store, for error messages.
using Whose = std::function<std::string()>;

/// The texts of a JSON object or list. Throws Error if it is broken.
std::map<std::string, std::string> text_map(const std::string& json, const Whose& whose);
std::vector<std::string> text_list(const std::string& json, const Whose& whose);

/// "[1, 2, 3]", for json_each. CROSS JOIN behind it makes SQLite go through the list and look each
/// up, rather than through the list for each row of a table.
std::string id_list(const std::vector<RunId>& ids);

}  // namespace epochal::store
