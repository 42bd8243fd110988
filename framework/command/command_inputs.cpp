// Hashes the contents of a command's files: a change makes a new run.

#include "framework/command/command_inputs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "framework/base/bounded_json.h"
#include "framework/base/content_hashes.h"
#include "framework/base/error.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/base/sha256.h"
#include "framework/system/installed_program.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostFiles = 1'000'000;

/// Whether a file is not an input: caches of tools, and files that epochal itself writes.
bool is_passed_over(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name.starts_with('.') || name == "__pycache__") return true;
  std::error_code error;
  return fs::is_directory(path, error) && fs::exists(path / "epochal.db", error);
}

/// Adds all files of a folder, also those in linked folders: the program reads them. `within`: the
/// folders that are being read, with links resolved.
void add_inputs_below(const fs::path& folder, std::vector<fs::path>& within,
                      std::vector<fs::path>& files) {
  std::error_code error;
  const fs::path real = fs::canonical(folder, error);
  // A link to a folder that contains the link would be a cycle.
  if (!error && std::ranges::find(within, real) != within.end()) return;
  within.push_back(real);
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code ignored;  // a link to nothing is not a file
    if (is_passed_over(entry->path())) continue;
    if (entry->is_directory(ignored)) {
      add_inputs_below(entry->path(), within, files);
    } else if (entry->is_regular_file(ignored)) {
      files.push_back(entry->path());
    }
    if (files.size() > kMostFiles) {
      throw Error(fmt::format("the input has more than {} files", kMostFiles),
                  within.front().string(), "name the folders that the program reads");
    }
  }
  if (error) {
    throw Error(fmt::format("the input cannot be read: {}", error.message()), folder.string(),
                "make it readable");
  }
  within.pop_back();
}

class CommandInspector : public InputInspector {
 public:
  CommandInspector(CommandDeclaration command, std::shared_ptr<FileHashes> files, bool warns)
      : command_(std::move(command)), files_(std::move(files)), warns_(warns) {}

  InputFingerprints inspect(const Parameters& parameters) override {
    nlohmann::json all{{"run", command_.run}, {"shell", command_.shell}};
    check_program();
    warn_of_unnamed_files();
    if (is_own_program()) all["program"] = hash_of(command_.folder / command_.run.front());
    for (const std::string& input : inputs_of(command_)) {
      const fs::path path = command_.folder / with_home(input);
      std::error_code error;
      if (!fs::exists(path, error)) {
        throw Error(error ? fmt::format("the input '{}' of the command cannot be read: {}",
                                        printable(input, 80), error.message())
                          : fmt::format("the input '{}' of the command does not exist",
                                        printable(input, 80)),
                    printable(path.string(), 400),
                    "correct inputs of [command]: they are relative to the sweep file");
      }
      all["inputs"].push_back({input, hash_of(path)});
    }
    for (const ParameterSpec& spec : command_.parameters) {
      if (spec.type != ParameterType::path || spec.role != ParameterRole::location) continue;
      const std::string& text = parameters.text(spec.name);
      std::error_code error;
      const fs::path path = command_.folder / with_home(text);
      const bool is_there = !text.empty() && fs::exists(path, error);
      all["paths"].push_back({spec.name, is_there ? hash_of(path) : text});
    }
    return {sha256_of(json_text(all)), {}};
  }

 private:
  bool is_own_program() const {
    if (command_.run.empty()) return false;
    const std::string& program = command_.run.front();
    return !command_.shell && program.find('/') != std::string::npos &&
           program.find('{') == std::string::npos;
  }

  void check_program() const {
    if (command_.run.empty()) return;
    const std::string& program = command_.run.front();
    if (command_.shell || program.find('{') != std::string::npos) return;
    const fs::path own = command_.folder / program;
    const bool is_found = is_own_program()
                              ? fs::is_regular_file(own) && access(own.c_str(), X_OK) == 0
                              : is_in_path(program);
    if (is_found) return;
    throw Error(fmt::format("the program '{}' of the command cannot be run{}", program,
                            fs::is_directory(own) ? ": it is a folder" : ""),
                command_.folder.string(),
                is_own_program() ? "build it, and check that it is executable"
                                 : "install it, or write ./ before a program in this folder");
  }

  bool is_input(const fs::path& file) const {
    std::error_code error;
    const fs::path real = fs::weakly_canonical(file, error);
    return std::any_of(command_.inputs->begin(), command_.inputs->end(), [&](const auto& input) {
      std::error_code ignored;
      const fs::path of_input =
          fs::weakly_canonical(command_.folder / with_home(input), ignored) / "";
      const std::string folder = of_input.string();
      return (real / "").string().starts_with(folder);
    });
  }

  /// Warns about a file that the program seems to read but that is not an input: if it changed, old
  /// runs would still count. Without `inputs`, all words that are files are inputs; with it, one
  /// may have been forgotten.
  void warn_of_unnamed_files() {
    const bool names_some = command_.inputs && !command_.inputs->empty();
    const bool may_warn = std::exchange(warns_, false) && !command_.run.empty();
    if (!may_warn || !names_some || command_.shell) return;
    for (auto word = command_.run.begin() + 1; word < command_.run.end(); ++word) {
      std::error_code error;
      const fs::path file = command_.folder / *word;
      if (word->find('{') != std::string::npos || !fs::is_regular_file(file, error)) continue;
      if (is_input(file)) continue;
      print_message(
          "epochal: '{}' is not among the inputs of [command]: changing it makes no new "
          "run\n",
          printable(*word, 200));
    }
  }

  /// The hash of a file's contents, or of the names and contents of all files in a folder.
  const std::string& hash_of(const fs::path& path) {
    std::string& hash = hashes_[path];
    if (!hash.empty()) return hash;
    std::error_code error;
    if (fs::is_directory(path, error)) return hash = hash_of_folder(path);
    // Reading a pipe or a device might never end.
    if (!fs::is_regular_file(path, error)) {
      throw Error("the input of the command is neither a file nor a folder", path.string(),
                  "name the file or folder that holds the data");
    }
    return hash = files_->of(path);
  }

  static std::string hash_of_folder(const fs::path& folder) {
    std::vector<fs::path> within;
    std::vector<fs::path> files;
    add_inputs_below(folder, within, files);
    std::sort(files.begin(), files.end());
    for (fs::path& file : files) file = file.lexically_relative(folder);
    const std::vector<std::string> hashes = content_hashes(folder, files);
    Sha256 all;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (hashes[i].empty()) {
        throw Error("a file of the command's inputs cannot be read", (folder / files[i]).string(),
                    "make it readable");
      }
      all.add(files[i].string());
      all.add(std::string_view("\0", 1));
      all.add(hashes[i]);
    }
    return all.hex();
  }

  CommandDeclaration command_;
  std::shared_ptr<FileHashes> files_;
  bool warns_ = false;                      ///< whether it prints warnings
  std::map<fs::path, std::string> hashes_;  ///< of the files that were read before
};

}  // namespace

std::unique_ptr<InputInspector> make_command_inspector(const CommandDeclaration& command,
                                                       std::shared_ptr<FileHashes> files) {
  return std::make_unique<CommandInspector>(command, std::move(files), true);
}

std::string fingerprint_of_inputs(const CommandDeclaration& command,
                                  const std::shared_ptr<FileHashes>& files,
                                  const Parameters& parameters) {
  return CommandInspector(command, files, false).inspect(parameters).data;
}

}  // namespace epochal
