#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "db/cell_value.h"

namespace epochal::store {

/// Receives the answer of a query.
struct SqlSink {
  std::function<void(const std::vector<std::string>& columns)> columns;
  std::function<void(const std::vector<CellValue>& row)> row;
};

/// Runs one SELECT on a store. The connection is read-only, and its authorizer allows nothing but
/// reading (no ATTACH, no PRAGMA). Stops after `limit`, or when `must_stop` returns true. Blobs
/// become hexadecimal text. Throws Error.
void read_only_sql(const std::filesystem::path& folder, const std::string& sql,
                   std::chrono::duration<double> limit, const std::function<bool()>& must_stop,
                   const SqlSink& sink);

}  // namespace epochal::store
