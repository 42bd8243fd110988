// `epochal export`: runs for another tool.

#include <fmt/format.h>

#include <iostream>

#include "db/exchange/run_exporter.h"
#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/selection_options.h"
#include "framework/base/message.h"
#include "framework/base/nearest_name.h"
#include "framework/system/stop_signal.h"
#include "framework/system/unfinished_folder.h"

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

/// The folder has to be new or empty: what is there belongs to somebody.
void check_is_free(const fs::path& folder) {
  const char* const kName = "name a new folder";
  std::error_code error;
  const fs::file_status there = fs::symlink_status(folder, error);
  if (!fs::exists(there)) return;
  if (fs::is_symlink(there) && !fs::exists(folder, error)) {
    throw Error("there is a symbolic link of this name, which leads nowhere", folder, kName);
  }
  if (!fs::is_directory(folder, error)) {
    const bool is_file = fs::is_regular_file(folder, error);
    throw Error(is_file ? "there is a file of this name" : "this is no folder", folder, kName);
  }
  remove_left_over(folder);
  if (!fs::is_empty(folder, error) && !error) {
    throw Error("the folder is not empty", folder, "name a new one");
  }
  if (error) throw Error(error.message(), folder, kName);
}

int export_runs(const Options& options) {
  const Make make = format_of(options);
  const fs::path folder = options.only_positional("DIR");
  const Query query(options.store_folder());
  ExportTarget target;
  target.runs = query.runs_by_id(query.select(selection_of(options, query)));
  if (target.runs.empty()) throw Error("there is no run to export", query.folder());
  check_is_free(folder);
  stop_signal::install();
  const UnfinishedFolder unfinished(folder, "name another folder");
  target.folder = unfinished.path();
  target.name = unfinished.wanted();
  target.store = query.folder();
  const std::unique_ptr<RunExporter> exporter = make(target);
  for (const RunRecord& run : target.runs) {
    if (stop_signal::count() == 0) exporter->add(query.whole_run(run));
  }
  if (stop_signal::count() == 0) exporter->finish();
  if (stop_signal::count() > 0) {
    print_message("stopped: nothing was exported\n");
    return kWorkLeft;
  }
  unfinished.move_into_place();
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
