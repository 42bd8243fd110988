// `epochal export`: runs for another tool.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "db/query.h"
#include "db/run_exporter.h"
#include "framework/app/command.h"
#include "framework/app/selection_options.h"
#include "framework/plugin/message.h"
#include "framework/plugin/nearest_name.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

using Make = std::unique_ptr<RunExporter> (*)(const ExportTarget&);

const std::map<std::string, Make>& formats() {
  static const std::map<std::string, Make> kFormats{{"csv", make_csv_exporter},
                                                    {"json", make_json_exporter},
                                                    {"tensorboard", make_tensorboard_exporter},
                                                    {"mlflow", make_mlflow_exporter}};
  return kFormats;
}

Make format_of(const Options& options) {
  const std::string name = options.text("to");
  const auto found = formats().find(name);
  if (found != formats().end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [format, make] : formats()) known.push_back(format);
  throw Error(name.empty() ? std::string("the format is missing")
                           : fmt::format("unknown format '{}'", name.substr(0, 40)),
              "--to", name_hint(name, known));
}

/// Nothing that is there is mixed with the export or overwritten.
void make_empty_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error("the folder cannot be made: " + error.message(), folder);
  if (!fs::is_empty(folder, error)) {
    throw Error("the folder is not empty", folder, "name a new one");
  }
}

int export_runs(const Options& options) {
  const Make make = format_of(options);
  const fs::path folder = options.only_positional("DIR");
  const Query query(options.store_folder());
  ExportTarget target;
  target.runs = query.runs_by_id(query.select(selection_of(options, query)));
  if (target.runs.empty()) throw Error("there is no run to export", query.folder());
  make_empty_folder(folder);
  target.folder = folder;
  target.store = query.folder();
  const std::unique_ptr<RunExporter> exporter = make(target);
  for (const RunRecord& run : target.runs) exporter->add(query.whole_run(run));
  exporter->finish();
  print_message("{} runs for {}\n", target.runs.size(), options.text("to"));
  std::cout << folder.string() << '\n';
  return kAllGood;
}

}  // namespace

Command export_command() {
  Options options(
      "export --to FORMAT DIR",
      "Writes runs into a new folder for another tool.\n"
      "  csv          runs.csv, a row a run, and epochs.csv, a row an epoch\n"
      "  json         runs.json, with everything that the store has of each run\n"
      "  tensorboard  event files: scalars, pictures, and the parameters for the hparams page\n"
      "  mlflow       a file store that `mlflow ui --backend-store-uri DIR` opens");
  options.store().value("to", "FORMAT", "csv, json, tensorboard or mlflow");
  add_selection(options);
  return {"take runs out for another tool", std::move(options), export_runs};
}

}  // namespace epochal
