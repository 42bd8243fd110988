// `epochal export`: runs for another tool.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "db/query.h"
#include "db/run_exporter.h"
#include "framework/app/command.h"
#include "framework/app/selection_options.h"
#include "framework/plugin/disk_full.h"
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

/// Where an export is written until it is whole: a folder beside the one that is wanted, which then
/// gets its name, or, where an empty one is there already, a folder within it. A killed export
/// leaves nothing under the names that it would have had.
class UnfinishedFolder {
 public:
  explicit UnfinishedFolder(const fs::path& wanted) : wanted_(fs::absolute(wanted)) {
    if (!wanted_.has_filename()) wanted_ = wanted_.parent_path();
    std::error_code error;
    is_there_ = fs::exists(fs::symlink_status(wanted_, error));
    if (is_there_ && !fs::is_directory(wanted_, error)) {
      throw Error("there is a file of this name", wanted, "name a new folder");
    }
    if (is_there_) remove_left_over();
    if (is_there_ && !fs::is_empty(wanted_, error)) {
      throw Error("the folder is not empty", wanted, "name a new one");
    }
    const std::string mark = fmt::format("{}{}", kMark, getpid());
    path_ = is_there_ ? wanted_ / mark : fs::path(wanted_.string() + mark);
    fs::remove_all(path_, error);  // of a process of this number that was killed
    fs::create_directories(path_, error);
    if (error) throw_write_error(error, wanted, "name another folder");
  }
  ~UnfinishedFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;

  const fs::path& path() const { return path_; }
  const fs::path& wanted() const { return wanted_; }

  void finish() const {
    std::error_code error;
    if (!is_there_) {
      fs::rename(path_, wanted_, error);
    } else {
      for (const auto& entry : fs::directory_iterator(path_, error)) {
        if (!error) fs::rename(entry.path(), wanted_ / entry.path().filename(), error);
      }
    }
    if (error) throw_write_error(error, wanted_, "name another folder");
  }

 private:
  static constexpr std::string_view kMark = ".unfinished-";

  /// What killed exports left in the wanted folder.
  void remove_left_over() const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(wanted_, ignored)) {
      const bool is_ours = entry.path().filename().string().starts_with(kMark);
      if (is_ours && !entry.is_symlink()) fs::remove_all(entry.path(), ignored);
    }
  }

  fs::path wanted_;
  fs::path path_;
  bool is_there_ = false;
};

int export_runs(const Options& options) {
  const Make make = format_of(options);
  const fs::path folder = options.only_positional("DIR");
  const Query query(options.store_folder());
  ExportTarget target;
  target.runs = query.runs_by_id(query.select(selection_of(options, query)));
  if (target.runs.empty()) throw Error("there is no run to export", query.folder());
  const UnfinishedFolder unfinished(folder);
  target.folder = unfinished.path();
  target.name = unfinished.wanted();
  target.store = query.folder();
  const std::unique_ptr<RunExporter> exporter = make(target);
  for (const RunRecord& run : target.runs) exporter->add(query.whole_run(run));
  exporter->finish();
  unfinished.finish();
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
