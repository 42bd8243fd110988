// `epochal import`: runs that another tool recorded.

#include <fmt/format.h>

#include <array>

#include "db/exchange/imported_runs.h"
#include "db/exchange/run_importer.h"
#include "db/store.h"
#include "framework/app/commands/command.h"
#include "framework/base/message.h"
#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"

namespace epochal::app {
namespace {

namespace fs = std::filesystem;

store::ImportedRuns csv_runs(const fs::path& path) {
  store::ImportedRuns found;
  for (store::WholeRun& run : store::runs_from_csv(path))
    found.runs.push_back({std::move(run), {}, {}});
  return found;
}

struct ImportFormat {
  std::string_view name;
  store::ImportedRuns (*read)(const fs::path& path);
};

constexpr std::array kImportFormats{
    ImportFormat{"csv", csv_runs}, ImportFormat{"mlflow", store::mlflow_runs},
    ImportFormat{"tensorboard", store::tensorboard_runs}, ImportFormat{"wandb", store::wandb_runs},
    ImportFormat{"optuna", store::optuna_runs}};

const ImportFormat& import_format(const std::string& name) {
  std::vector<std::string> known;
  for (const ImportFormat& format : kImportFormats) {
    if (format.name == name) return format;
    known.emplace_back(format.name);
  }
  throw Error(name.empty() ? std::string("the format is missing")
                           : fmt::format("unknown format '{}'", name.substr(0, 40)),
              "--from", name_hint(name, known));
}

void print_some(const std::vector<std::string>& sentences) {
  constexpr std::size_t kMost = 10;
  for (std::size_t i = 0; i < std::min(kMost, sentences.size()); ++i) {
    print_message("epochal: {}\n", printable(sentences[i], 1000));
  }
  if (sentences.size() > kMost) {
    print_message("epochal: and {} more like this\n", sentences.size() - kMost);
  }
}

int import_runs(const Options& options) {
  const ImportFormat& format = import_format(options.text("from"));
  const std::string& path = options.only_positional("PATH");
  store::ImportedRuns found = format.read(path);
  if (found.runs.empty() && !found.damaged.empty()) throw Error(found.damaged.front());
  store::Store store(options.store_folder());
  store::import_into(store, found);
  print_some(found.left_out);
  print_some(found.damaged);
  print_message("imported {} runs from {}\n", found.runs.size(), format.name);
  if (found.damaged.empty()) return kAllGood;
  print_message("{} damaged runs were not imported\n", found.damaged.size());
  return kSomeRunsFailed;
}

}  // namespace

Command import_command() {
  Options options(
      "import --from FORMAT PATH",
      "Imports runs that another tool recorded, to compare them with others. They cannot be\n"
      "resumed. Importing them again replaces them. A damaged run is left out, and the exit code\n"
      "is 1.\n"
      "  csv          a file with the columns run, epoch, params.NAME, metrics.NAME and others, "
      "or\n"
      "               a folder that `epochal export --to csv` wrote\n"
      "  mlflow       mlflow.db, or the folder of a file store, of an experiment or of a run\n"
      "  tensorboard  a log folder, in which each folder with event files is a run\n"
      "  wandb        a file *.wandb, or a folder with runs that W&B recorded offline\n"
      "  optuna       the SQLite database of a study; each trial is a run");
  options.store().value("from", "FORMAT", "csv, mlflow, tensorboard, wandb or optuna");
  return {"import runs from another tool", std::move(options), import_runs};
}

}  // namespace epochal::app
