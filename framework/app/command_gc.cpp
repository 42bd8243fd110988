// `epochal gc`: empties the trash and removes what nobody needs.

#include <fmt/format.h>

#include <iostream>

#include "db/query.h"
#include "db/store.h"
#include "framework/app/command.h"
#include "framework/app/text_table.h"
#include "framework/runner/garbage.h"
#include "framework/runner/lost_runs.h"
#include "reports/human_format.h"

namespace epochal {
namespace {

void print(const std::vector<Garbage>& garbage) {
  TextTable table;
  table.add_column("bytes", TextTable::Align::right);
  table.add_column("what");
  table.add_column("why");
  for (const Garbage& piece : garbage) {
    table.add_row({format_bytes(piece.bytes), piece.path.string(), piece.why});
  }
  if (!garbage.empty()) table.print(std::cout);
}

int collect(const Options& options) {
  const std::filesystem::path folder = options.store_folder();
  const Query query(folder);
  const bool is_dry = options.has("dry-run");
  if (!is_dry) {
    Store store(folder);
    release_lost_runs(store);
  }
  const std::vector<Garbage> garbage = garbage_of(query);
  std::vector<RunId> trashed;
  for (const RunRecord& run : query.trashed_runs()) trashed.push_back(run.id);
  Bytes bytes = 0;
  for (const Garbage& piece : garbage) bytes += piece.bytes;

  if (is_dry) {
    print(garbage);
    std::cout << fmt::format("would free {} and forget {} runs of the trash\n", format_bytes(bytes),
                             trashed.size());
    return kAllGood;
  }
  // Records first: files without a record are found again, a record without its files would lie.
  Store(folder).forget_trashed(trashed);
  Bytes freed = 0;
  for (const Garbage& piece : garbage) {
    std::error_code error;
    std::filesystem::remove_all(piece.path, error);
    if (error) {
      fmt::print(stderr, "{} stays: {}\n", printable(piece.path.string()), error.message());
    } else {
      freed += piece.bytes;
    }
  }
  fmt::print(stderr, "freed {}, forgot {} runs of the trash\n", format_bytes(freed),
             trashed.size());
  return kAllGood;
}

}  // namespace

Command gc_command() {
  Options options("gc [--dry-run]",
                  "Empties the trash for good, and removes files that no record names, what dead\n"
                  "processes have left, and merged shards of Slurm jobs.");
  options.store().flag("dry-run", "only say what would go, and how much room that frees");
  return {"empty the trash, remove what nobody needs", std::move(options), collect};
}

}  // namespace epochal
