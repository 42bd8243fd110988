// `epochal log`: what a run printed.

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "db/artifact_path.h"
#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/base/printable.h"

namespace epochal::app {
namespace {

/// On a terminal, escape sequences are printed as text; a file or pipe gets the bytes unchanged.
void print_log(const std::filesystem::path& store, const std::string& path) {
  const std::filesystem::path name = store::artifact_file(store, path);
  const auto file = store::readable_artifact(store, path);
  if (!file) throw Error("the log's file is missing", name, "`epochal show` lists the other logs");
  std::ifstream in(file->path(), std::ios::binary);
  if (isatty(STDOUT_FILENO) == 0) {
    if (in.peek() != std::ifstream::traits_type::eof()) std::cout << in.rdbuf();
    return;
  }
  constexpr std::size_t kLongestLine = 10'000;
  for (std::string line; std::getline(in, line);) {
    std::cout << printable(line, kLongestLine) << '\n';
  }
}

int log(const Options& options) {
  const std::string& prefix = options.only_positional("RUN");
  const store::Query query(options.store_folder());
  const store::RunRecord run = query.run_named(prefix);
  const std::vector<store::ArtifactRecord> logs = query.logs(run.id);
  const std::string where = "run " + run.short_identity();
  if (logs.empty())
    throw Error("the run has no log", where, "runs with --executor inline have none");
  const int count = static_cast<int>(logs.size());
  const int attempt = options.integer("attempt", count, 1, count);
  print_log(query.folder(), logs[static_cast<std::size_t>(attempt) - 1].path);
  return kAllGood;
}

}  // namespace

Command log_command() {
  Options options("log RUN", "Prints what a run printed in its last attempt.");
  options.store().value("attempt", "N", "print the N-th attempt instead of the last");
  return {"print the output of a run", std::move(options), log};
}

}  // namespace epochal::app
