#pragma once

#include <SQLiteCpp/Database.h>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "db/filter/filter_syntax.h"
#include "db/records.h"

namespace epochal::store {

/// A selection of a store's runs, and their order.
struct RunSelection {
  std::string sweep;              ///< "NAME" or "NAME@HASH" of a recorded sweep; empty for all
  std::string where;              ///< in the filter language (filter_syntax.h); empty for all
  std::vector<std::string> sort;  ///< fields, most important first; "-field" for descending order
  std::optional<std::int64_t> limit;
  std::set<RunId> lost;  ///< runs whose worker is gone: they count as interrupted
  Timestamp at = 0;      ///< the time to which `run.started > -7d` refers; 0 for now
};

/// The runs that match a selection, without those in the trash. The default order is by age, or the
/// sweep's order. Uses one parameterised statement. A comparison with a missing value is false, so
/// NOT of it is true. Throws Error with the column for a wrong filter, and with the nearest name
/// for an unknown field.
std::vector<RunId> select_runs(SQLite::Database& database, const RunSelection& selection);

/// A field with its namespace: what a name alone means in this store. A field of the run itself has
/// precedence. Throws Error for an unknown name, with the nearest one, and for an ambiguous name,
/// with all its meanings.
FilterField resolved_field(SQLite::Database& database, FilterField field);

/// "val.total.min" -> "val.total" and "min": a metric and the kind of its value. An empty kind for
/// a name without such an end.
std::pair<std::string, std::string> split_statistic(const std::string& name);

/// The id of the newest sweep of this name; for "NAME@HASH", of the sweep whose content hash begins
/// with HASH. Throws Error, with the nearest name, if there is none.
std::int64_t find_sweep(SQLite::Database& database, const std::string& word);

}  // namespace epochal::store
