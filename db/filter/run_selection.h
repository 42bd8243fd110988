#pragma once

#include <SQLiteCpp/Database.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "db/filter/filter_syntax.h"
#include "db/records.h"

namespace epochal {

/// Which runs of a store, and in which order.
struct RunSelection {
  std::string sweep;              ///< "NAME" or "NAME@HASH" of a recorded sweep; empty for all
  std::string where;              ///< in the filter language (filter_syntax.h); empty for all
  std::vector<std::string> sort;  ///< fields, most important first; "-field" for descending order
  std::optional<std::int64_t> limit;
  std::set<RunId> lost;  ///< runs whose worker is gone: they count as interrupted
  Timestamp at = 0;      ///< from which `run.started > -7d` counts; 0 for now
};

/// The runs that meet a selection, without those in the trash; by age, or in the sweep's order,
/// unless it says otherwise.
/// One parameterised statement finds them. What a run does not have meets no comparison, and so
/// meets NOT of it. Throws Error that points at the column for a wrong filter or an unknown field,
/// with the nearest name.
std::vector<RunId> select_runs(SQLite::Database& database, const RunSelection& selection);

/// A field with its room: what a name alone means in this store. A field of the run itself comes
/// first. Throws Error for a name that nothing has, with the nearest one, and for one that several
/// have, with all of them.
FilterField resolved_field(SQLite::Database& database, FilterField field);

/// The id of the sweep of this name that was recorded last, or, of "NAME@HASH", of the one whose
/// content's hash begins so. Throws Error, with the nearest name, if there is none.
std::int64_t find_sweep(SQLite::Database& database, const std::string& word);

}  // namespace epochal
