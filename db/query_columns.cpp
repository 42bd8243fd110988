// Columns, JSON and lists of numbers.

#include "db/query_columns.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "framework/base/bounded_json.h"
#include "framework/base/error.h"

namespace epochal::store {
namespace {

using SQLite::Column;

enum class JsonKind { object, list };

nlohmann::json parsed(const std::string& text, JsonKind kind, const Whose& whose) {
  nlohmann::json value = bounded_json(text);
  if (kind == JsonKind::object ? value.is_object() : value.is_array()) return value;
  throw Error("the record holds broken JSON", whose(), "check the store with `epochal doctor`");
}

}  // namespace

std::vector<std::string> texts_of(SQLite::Statement& rows) {
  return read_all(rows, [](const auto& row) { return row.getColumn(0).getString(); });
}

std::vector<std::string> texts_of(SQLite::Database& database, const std::string& sql) {
  SQLite::Statement rows(database, sql);
  return texts_of(rows);
}

std::optional<double> optional_real(const Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getDouble();
}

std::optional<std::int64_t> optional_integer(const Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getInt64();
}

std::optional<Epoch> optional_epoch(const Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getInt();
}

double real_or_nan(const Column& column) {
  return optional_real(column).value_or(std::numeric_limits<double>::quiet_NaN());
}

std::map<std::string, std::string> text_map(const std::string& json, const Whose& whose) {
  std::map<std::string, std::string> result;
  const nlohmann::json object = parsed(json, JsonKind::object, whose);
  for (const auto& [key, value] : object.items()) {
    if (value.is_string()) result[key] = value.get<std::string>();
  }
  return result;
}

std::vector<std::string> text_list(const std::string& json, const Whose& whose) {
  std::vector<std::string> result;
  for (const auto& value : parsed(json, JsonKind::list, whose)) {
    if (value.is_string()) result.push_back(value.get<std::string>());
  }
  return result;
}

std::string id_list(const std::vector<RunId>& ids) {
  std::string list = "[";
  for (const RunId id : ids) list += (list.size() == 1 ? "" : ",") + std::to_string(id.value);
  return list + "]";
}

}  // namespace epochal::store
