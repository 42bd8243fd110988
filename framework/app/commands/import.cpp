// `epochal import`: runs that another tool recorded.

#include <fmt/format.h>

#include "db/exchange/run_importer.h"
#include "db/store.h"
#include "framework/app/commands/command.h"
#include "framework/base/message.h"
#include "framework/base/nearest_name.h"

namespace epochal::app {
namespace {

int import_runs(const Options& options) {
  const std::string format = options.text("from");
  const std::vector<std::string> known{"csv", "mlflow"};
  if (format != "csv" && format != "mlflow") {
    throw Error(format.empty() ? std::string("the format is missing")
                               : fmt::format("unknown format '{}'", format.substr(0, 40)),
                "--from", name_hint(format, known));
  }
  const std::string& path = options.only_positional("PATH");
  const std::vector<store::WholeRun> runs =
      format == "csv" ? store::runs_from_csv(path) : store::runs_from_mlflow(path);
  store::Store(options.store_folder()).import(runs, {});
  print_message("imported {} runs from {}\n", runs.size(), format);
  return kAllGood;
}

}  // namespace

Command import_command() {
  Options options(
      "import --from FORMAT PATH",
      "Imports runs that another tool recorded, to compare them with others. They cannot be\n"
      "resumed. Importing them again replaces them.\n"
      "  csv     a file with the columns run, epoch, params.NAME, metrics.NAME and others, or a\n"
      "          folder that `epochal export --to csv` wrote\n"
      "  mlflow  the folder of a file store, of an experiment or of a run");
  options.store().value("from", "FORMAT", "csv or mlflow");
  return {"import runs from another tool", std::move(options), import_runs};
}

}  // namespace epochal::app
