// libFuzzer harness: a filter from a stranger, against a store with a few runs. It is refused with
// an Error, or SQLite takes what it compiles to; anything else is a fault. A first line, if there
// are two, is a field to sort by.

#include <SQLiteCpp/Database.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "db/filter/run_selection.h"
#include "db/migration.h"
#include "framework/base/error.h"
#include "tests/fuzz/memory_bound.h"

namespace {

SQLite::Database& store() {
  static SQLite::Database database = [] {
    SQLite::Database made(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    epochal::store::migrate(made);
    made.exec(
        "insert into metric_name values (1, 'val.total'), (2, 'x.min'), (3, 'odd name');"
        "insert into run (id, identity, experiment, experiment_version, seed, epochs, status, "
        "data_fingerprint, weights_fingerprint, code_version, created_at) select value, "
        "printf('%064x', value), 'adain', 1, value, 2, 'finished', '', '', '', value "
        "from json_each('[1, 2, 3]');"
        "insert into parameter values (1, 'gamma', 'real', 0.5), (2, 'word', 'text', 'a''b'), "
        "(3, 'flip', 'boolean', 1);"
        "insert into tag values (1, 'best', 'yes');"
        "insert into metric_summary values (1, 1, 0.5, 2, 0.5, 2, 1, 1, 1.5, 2), "
        "(2, 1, null, 2, null, null, null, null, null, 2)");
    return made;
  }();
  return database;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const epochal::fuzz::MemoryBound bound(size);
  const std::size_t line = input.find('\n');
  epochal::store::RunSelection selection;
  selection.where = input.substr(line == std::string_view::npos ? 0 : line + 1);
  if (line != std::string_view::npos && line > 0)
    selection.sort = {std::string(input.substr(0, line))};
  selection.lost = {epochal::store::RunId{2}};
  selection.at = 1.8e9;
  try {
    epochal::store::select_runs(store(), selection);
  } catch (const epochal::Error&) {  // a refusal is what strangers' filters deserve
  }
  return 0;
}
