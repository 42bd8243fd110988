#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace epochal::store {

/// One way in which rows of a store contradict others or the rules of their table: something else
/// than epochal has written them.
struct RowFault {
  std::string what;                   ///< "metric: rows without their row in metric_name"
  std::vector<std::string> examples;  ///< the first few, "run 3f9c2a1b44 (3 rows)"
  std::int64_t count = 0;             ///< of all rows
  bool has_more = false;              ///< whether there are more than the examples
  std::string advice;
};

/// The result of SQLite's own check of a database. Rules are checked only if the store is writable.
struct SelfCheck {
  std::string damage;              ///< of pages and indices; empty if there is none
  std::vector<std::string> rules;  ///< of rows that break a rule of their table
};
SelfCheck self_check(SQLite::Database& database, const std::filesystem::path& file);

/// Checks all rows of a database whose pages are intact: rows that they refer to exist, summaries
/// agree with epochs and metrics, JSON can be read, and files are within `folder`, the store's.
/// `rules`: from self_check(); those that no other fault covers are part of the result. Takes a few
/// seconds for a million epochs.
std::vector<RowFault> row_faults(SQLite::Database& database, const std::filesystem::path& folder,
                                 const std::vector<std::string>& rules);

}  // namespace epochal::store
