#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace epochal {

/// One way in which rows of a store contradict the others, or the rules of their table: somebody
/// else than epochal wrote them.
struct RowFault {
  std::string what;                   ///< "metric: rows without their row in metric_name"
  std::vector<std::string> examples;  ///< the first few, "run 3f9c2a1b44 (3 rows)"
  std::int64_t count = 0;             ///< of all rows
  bool has_more = false;              ///< than the examples
  std::string advice;
};

/// What SQLite's own check says of a database. Rules are looked at where the store can be written.
struct SelfCheck {
  std::string damage;              ///< of pages and indices; empty if there is none
  std::vector<std::string> rules;  ///< of rows that break a rule of their table
};
SelfCheck self_check(SQLite::Database& database, const std::filesystem::path& file);

/// Looks through all rows of a database whose pages are sound: what they refer to is there, what is
/// kept ready of epochs and metrics is what follows from them, JSON can be read, and files lie
/// within `folder`, the store's. `rules`: of self_check(); those that no other fault covers are
/// among the result. A few seconds for a million epochs.
std::vector<RowFault> row_faults(SQLite::Database& database, const std::filesystem::path& folder,
                                 const std::vector<std::string>& rules);

}  // namespace epochal
