// `epochal export`: writes runs for another tool.

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

namespace epochal::app {
namespace {

namespace fs = std::filesystem;

const store::ExportFormat& format_of(const Options& options) {
  const std::string name = options.text("to");
  std::vector<std::string> known;
  for (const store::ExportFormat& format : store::export_formats()) {
    if (format.name == name) return format;
    known.emplace_back(format.name);
  }
  throw Error(name.empty() ? std::string("the format is missing")
                           : fmt::format("unknown format '{}'", name.substr(0, 40)),
              "--to", name_hint(name, known));
}

/// The folder must be new or empty: export never overwrites files.
void check_is_free(const fs::path& folder) {
  const char* const kName = "name a new folder";
  std::error_code error;
  const fs::file_status there = fs::symlink_status(folder, error);
  if (!fs::exists(there)) return;
  if (fs::is_symlink(there) && !fs::exists(folder, error)) {
    throw Error("this is a symbolic link to nothing", folder, kName);
  }
  if (!fs::is_directory(folder, error)) {
    const bool is_file = fs::is_regular_file(folder, error);
    throw Error(is_file ? "a file of this name exists" : "this is not a folder", folder, kName);
  }
  remove_left_over(folder);
  if (!fs::is_empty(folder, error) && !error) {
    throw Error("the folder is not empty", folder, "name a new one");
  }
  if (error) throw Error(error.message(), folder, kName);
}

int export_runs(const Options& options) {
  const store::ExportFormat& format = format_of(options);
  const fs::path folder = options.only_positional("DIR");
  const store::Query query(options.store_folder());
  store::ExportTarget target;
  target.runs = query.runs_by_id(query.select(selection_of(options, query)));
  if (target.runs.empty()) throw Error("there is no run to export", query.folder());
  check_is_free(folder);
  stop_signal::install();
  const UnfinishedFolder unfinished(folder, "name another folder");
  target.folder = unfinished.path();
  target.name = unfinished.wanted();
  target.store = query.folder();
  const std::unique_ptr<store::RunExporter> exporter = format.make(target);
  for (const store::RunRecord& run : target.runs) {
    if (stop_signal::count() == 0) exporter->add(query.whole_run(run));
  }
  if (stop_signal::count() == 0) exporter->finish();
  if (stop_signal::count() > 0) {
    print_message("stopped: nothing was exported\n");
    return kWorkLeft;
  }
  for (const std::string& remark : exporter->remarks()) print_message("epochal: {}\n", remark);
  unfinished.move_into_place();
  print_message("exported {} runs for {}\n", target.runs.size(), format.name);
  std::cout << folder.string() << '\n';
  return kAllGood;
}

}  // namespace

Command export_command() {
  std::string about = "Writes runs into a new folder for another tool.";
  std::vector<std::string_view> names;
  for (const store::ExportFormat& format : store::export_formats()) {
    about += fmt::format("\n  {:<12} {}", format.name, format.meaning);
    names.push_back(format.name);
  }
  Options options("export --to FORMAT DIR", about);
  options.store().value("to", "FORMAT", fmt::format("{}", fmt::join(names, ", ")).c_str());
  add_selection(options);
  return {"write runs for another tool", std::move(options), export_runs};
}

}  // namespace epochal::app
