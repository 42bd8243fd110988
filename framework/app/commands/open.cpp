// `epochal open`: the folder of a run's files.

#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "db/query.h"
#include "db/run_folder.h"
#include "framework/app/commands/command.h"
#include "framework/app/desktop.h"

namespace epochal::app {
namespace {

int open_folder(const Options& options) {
  const std::string& prefix = options.only_positional("RUN");
  const store::Query query(options.store_folder());
  const store::RunRecord run = query.run_named(prefix);
  const std::filesystem::path folder =
      std::filesystem::absolute(query.folder() / store::RunFolder::in_store(run.identity));
  std::error_code missing;
  if (!std::filesystem::is_directory(folder, missing)) {
    throw Error("the run has no files", "run " + run.short_identity());
  }
  std::cout << folder.string() << '\n';
  if (isatty(STDOUT_FILENO) != 0) show_on_desktop(folder.string());
  return kAllGood;
}

}  // namespace

Command open_command() {
  Options options("open RUN",
                  "Prints the folder of a run's checkpoints, samples and logs, as in\n"
                  "cd \"$(epochal open RUN)\". On a desktop it also opens the folder.");
  options.store();
  return {"print the folder of a run's files, and open it", std::move(options), open_folder};
}

}  // namespace epochal::app
