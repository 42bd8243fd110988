// `epochal gc`: empties the trash and removes files that nothing needs.

#include <fmt/format.h>

#include <iostream>

#include "db/maintenance/garbage.h"
#include "db/maintenance/lost_runs.h"
#include "db/query.h"
#include "db/run_folder.h"
#include "db/scratch_folder.h"
#include "db/store.h"
#include "framework/app/commands/command.h"
#include "framework/app/text_table.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"

namespace epochal::app {
namespace {

void print(const std::vector<store::Garbage>& garbage) {
  TextTable table;
  table.add_column("bytes", TextTable::Align::right);
  table.add_columns({"what", "why"});
  for (const store::Garbage& piece : garbage) {
    table.add_row({format_bytes(piece.bytes), piece.path.string(), piece.why});
  }
  if (!garbage.empty()) table.print(std::cout);
}

/// Removes a file or folder. Returns the number of bytes that this freed.
Bytes removed(const std::filesystem::path& path) {
  const Bytes bytes = store::bytes_below(path);
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (!error) return bytes;
  print_message("{} was not removed: {}\n", printable(path.string()), error.message());
  return 0;
}

int say_what_would_go(const store::Query& query) {
  const std::vector<store::Garbage> garbage = store::garbage_of(query);
  Bytes bytes = 0;
  for (const store::Garbage& piece : garbage) bytes += piece.bytes;
  print(garbage);
  std::cout << fmt::format("would free {} and delete {} runs in the trash\n", format_bytes(bytes),
                           query.trashed_runs().size());
  return kAllGood;
}

int collect(const Options& options) {
  const std::filesystem::path folder = options.store_folder();
  const store::Query query(folder);
  if (options.has("dry-run")) return say_what_would_go(query);

  store::Store store(folder);
  store::release_lost_runs(store);
  Bytes freed = 0;
  // The record first: if this process dies, the next gc removes the files without a record.
  const std::vector<std::string> forgotten = store.empty_trash();
  {
    const store::ScratchFolder aside(folder);
    store.set_files_aside(forgotten, [&](const std::string& identity) {
      std::error_code none;  // a run without files
      std::filesystem::rename(folder / store::RunFolder::in_store(identity),
                              aside.path() / identity, none);
    });
    freed = removed(aside.path());
  }
  for (const store::Garbage& piece : store::garbage_of(query)) freed += removed(piece.path);
  print_message("freed {}, deleted {} runs in the trash\n", format_bytes(freed), forgotten.size());
  return kAllGood;
}

}  // namespace

Command gc_command() {
  Options options(
      "gc [--dry-run]",
      "Deletes the runs in the trash for good. Also removes files that have no record and have\n"
      "not changed for an hour, files that dead processes left, and merged shards of Slurm jobs.");
  options.store().flag("dry-run", "only print what would be removed and how much space that frees");
  return {"empty the trash, remove files that nothing needs", std::move(options), collect};
}

}  // namespace epochal::app
