#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "db/cell_value.h"

namespace epochal {

/// Receives the answer of a query.
struct SqlSink {
  std::function<void(const std::vector<std::string>& columns)> columns;
  std::function<void(const std::vector<CellValue>& row)> row;
};

/// Runs one SELECT on a store in a connection that SQLite itself keeps from changing anything: it
/// is opened read-only, and its authorizer allows reading and nothing else (no ATTACH, no PRAGMA).
/// Ends after `limit`, or when `must_stop` says so. Blobs come as hexadecimal text. Throws Error.
void read_only_sql(const std::filesystem::path& folder, const std::string& sql,
                   std::chrono::duration<double> limit, const std::function<bool()>& must_stop,
                   const SqlSink& sink);

}  // namespace epochal
