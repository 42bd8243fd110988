// The table of export formats, and functions for all exporters.

#include "db/exchange/run_exporter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "framework/base/disk_full.h"

namespace epochal::store {

const std::vector<ExportFormat>& export_formats() {
  static const std::vector<ExportFormat> kFormats{
      {"csv",
       "runs.csv and epochs.csv, with a row for each; steps.csv and validation_samples.csv if "
       "there are any",
       make_csv_exporter},
      {"json", "runs.json, with everything that the store has about each run", make_json_exporter},
      {"tensorboard", "event files: scalars, pictures, and the parameters for the hparams page",
       make_tensorboard_exporter},
      {"mlflow",
       "mlflow.db, which `mlflow ui --backend-store-uri sqlite:///DIR/mlflow.db` opens, and a file "
       "store",
       make_mlflow_exporter}};
  return kFormats;
}

void write_export(const std::filesystem::path& file, std::string_view text) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) throw_write_error(error, file.parent_path(), "check the folder and its disk");
  write_file(file, text);
}

ExportFile::ExportFile(std::filesystem::path file) : file_(std::move(file)) {
  std::error_code error;
  std::filesystem::create_directories(file_.parent_path(), error);
  if (error) throw_write_error(error, file_.parent_path(), "check the folder and its disk");
  errno = 0;
  out_.open(file_, std::ios::binary | std::ios::trunc);
  add({});
}

void ExportFile::add(std::string_view text) {
  errno = 0;
  out_.write(text.data(), static_cast<std::streamsize>(text.size()));
  check();
}

void ExportFile::close() {
  errno = 0;
  out_.close();
  check();
}

void ExportFile::check() const {
  if (out_) return;
  throw_write_error({errno == 0 ? EIO : errno, std::generic_category()}, file_,
                    "check the folder and its disk");
}

bool mlflow_tag::is_note(std::string_view tag) {
  return tag.starts_with(kMetric) || tag.starts_with(kParameter) || tag.starts_with(kTag) ||
         tag == kStatus || tag == kSeconds || tag == kLearningRate || tag == kSteps;
}

std::string file_name_for(const std::string& name) {
  constexpr std::size_t kLongest = 200;
  std::string result = name.substr(0, kLongest);
  std::replace_if(
      result.begin(), result.end(),
      [](unsigned char c) {
        return std::isalnum(c) == 0 && c != '_' && c != '-' && c != '.' && c != ' ';
      },
      '_');
  // MLflow refuses names that begin like a way out of a folder.
  const bool is_a_way = result == "." || result.starts_with("..");
  return is_a_way ? "_" + result : result;
}

std::map<std::string, std::string> file_names_for(const std::set<std::string>& names) {
  std::map<std::string, std::string> files;
  std::set<std::string> taken;
  for (const std::string& name : names) {
    if (!name.empty() && file_name_for(name) == name && taken.insert(name).second)
      files[name] = name;
  }
  for (const std::string& name : names) {
    if (files.contains(name)) continue;
    const std::string plain = name.empty() ? "_" : file_name_for(name);
    std::string file = plain;
    for (int number = 2; !taken.insert(file).second; ++number) {
      file = fmt::format("{}_{}", plain, number);
    }
    files[name] = file;
  }
  return files;
}

}  // namespace epochal::store
