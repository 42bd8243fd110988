// `epochal rm`: moves runs to the trash and restores them.

#include <fmt/format.h>

#include "db/maintenance/lost_runs.h"
#include "db/query.h"
#include "db/store.h"
#include "framework/app/commands/command.h"
#include "framework/app/search_sweep.h"
#include "framework/app/selection_options.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"

namespace epochal::app {
namespace {

[[noreturn]] void refuse_running(const store::Query& query, const store::RunRecord& run) {
  const std::string name = run.short_identity();
  const auto attempt = store::open_attempt(query, run.id);
  const bool was_asked_for = attempt && attempt->process.boot == kAskedBoot;
  throw Error("the run is running", "run " + name,
              was_asked_for ? fmt::format("end it with `epochal tell {} --failed REASON`", name)
                            : std::string("stop it first"));
}

int take_out(store::Store& store, const Options& options) {
  const store::Query query(store.folder());
  std::vector<store::RunId> runs;
  for (const std::string& name : options.positional()) runs.push_back(query.run_named(name).id);
  if (runs.empty()) runs = ids_of(query.trashed_runs());
  const int count = store.restore(runs);
  print_message("restored {} from the trash\n", runs_text(static_cast<std::size_t>(count)));
  return kAllGood;
}

int remove(const Options& options) {
  const std::filesystem::path folder = options.store_folder();
  const store::Query asked{folder};  // refuses a folder without a store, before Store creates one
  store::Store store(folder);
  if (options.has("restore")) return take_out(store, options);

  store::release_lost_runs(store);
  const store::Query query(folder);
  const std::vector<store::RunId> runs = named_or_selected(options, query, options.positional());
  for (const store::RunRecord& run : query.runs_by_id(runs)) {
    if (run.status != store::RunStatus::running) continue;
    refuse_running(query, run);
  }
  const int moved = store.trash(runs);
  print_message(
      "moved {} to the trash; `epochal gc` frees the space, `epochal rm --restore` brings "
      "them back\n",
      runs_text(static_cast<std::size_t>(moved)));
  return kAllGood;
}

}  // namespace

Command rm_command() {
  Options options(
      "rm RUN… | --where FILTER",
      "Moves runs to the trash. Only `show`, `gc` and `rm --restore` see them there, and `epochal "
      "gc`\n"
      "deletes them for good. A sweep that asks for a run in the trash restores it as it was.");
  options.store().flag("restore",
                       "restore runs from the trash instead; all of them if none is named");
  add_selection(options);
  return {"move runs to the trash", std::move(options), remove};
}

}  // namespace epochal::app
