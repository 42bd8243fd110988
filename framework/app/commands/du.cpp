// `epochal du`: the disk space that each part of a store takes.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "db/artifact_path.h"
#include "db/maintenance/backup.h"
#include "db/maintenance/garbage.h"
#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/text_table.h"
#include "framework/base/human_format.h"

namespace epochal::app {
namespace {

constexpr std::size_t kShownRuns = 10;

int measure(const Options& options) {
  const store::Query query(options.store_folder());
  const std::filesystem::path& store = query.folder();
  std::map<std::string, Bytes> kinds;
  std::vector<std::pair<Bytes, std::string>> by_run;
  std::set<std::string> diffs;
  for (const store::RunRecord& run : query.runs()) {
    Bytes recorded = 0;
    for (const store::ArtifactRecord& artifact : query.artifacts(run.id)) {
      const bool grows = artifact.sha256.empty();  // a log: only the file has its size
      const Bytes bytes =
          grows ? store::bytes_below(store::artifact_file(store, artifact.path)) : artifact.bytes;
      // Runs with the same diff share its file.
      const bool is_shared = artifact.kind == store::ArtifactRecord::Kind::diff;
      if (is_shared && !diffs.insert(artifact.sha256).second) continue;
      kinds[std::string(name_of(artifact.kind)) + "s"] += bytes;
      recorded += bytes;
    }
    by_run.emplace_back(recorded, run.short_identity());
  }
  for (const char* file : {"epochal.db", "epochal.db-wal"}) {
    kinds["database"] += store::bytes_below(store / file);
  }
  for (const std::filesystem::path& backup : store::backups_in(store)) {
    kinds["backups of older schemas"] += store::bytes_below(backup);
  }
  kinds["reproductions"] += store::bytes_below(store / "reproductions");
  for (const store::Garbage& piece : store::garbage_of(query))
    kinds["what gc would free"] += piece.bytes;

  TextTable table;
  table.add_column("size", TextTable::Align::right);
  table.add_column("what");
  Bytes total = 0;
  for (const auto& [kind, bytes] : kinds) {
    if (bytes > 0) table.add_row({format_bytes(bytes), kind});
    total += bytes;
  }
  table.add_row({format_bytes(total), "all of " + store.string()});
  table.print(std::cout);

  std::sort(by_run.rbegin(), by_run.rend());
  by_run.resize(std::min(by_run.size(), kShownRuns));
  std::cout << "\nthe largest runs\n";
  for (const auto& [bytes, run] : by_run) {
    std::cout << fmt::format("  {}  {}\n", run, format_bytes(bytes));
  }
  return kAllGood;
}

}  // namespace

Command du_command() {
  Options options("du", "Shows how much disk space each part of a store takes.");
  options.store();
  return {"show disk space by kind of file and by run", std::move(options), measure};
}

}  // namespace epochal::app
