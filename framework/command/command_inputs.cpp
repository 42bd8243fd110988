// The contents of a command's files, hashed: what has changed is another run.

#include "framework/command/command_inputs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "framework/base/error.h"
#include "framework/base/sha256.h"
#include "framework/system/installed_program.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostFiles = 1'000'000;

/// What tools leave beside sources, and what epochal itself writes, is no input.
bool is_passed_over(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name.starts_with('.') || name == "__pycache__") return true;
  std::error_code error;
  return fs::is_directory(path, error) && fs::exists(path / "epochal.db", error);
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;  // a link that leads nowhere is no file
    if (is_passed_over(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file(ignored)) {
      files.push_back(entry->path());
    }
    if (files.size() > kMostFiles) {
      throw Error(fmt::format("the input holds more than {} files", kMostFiles), folder.string(),
                  "name the folders that the program reads");
    }
  }
  if (error) {
    throw Error(fmt::format("the input cannot be read: {}", error.message()), folder.string(),
                "make it readable");
  }
  std::sort(files.begin(), files.end());
  return files;
}

class CommandInspector : public InputInspector {
 public:
  explicit CommandInspector(CommandDeclaration command) : command_(std::move(command)) {}

  InputFingerprints inspect(const Parameters& parameters) override {
    nlohmann::json all{{"run", command_.run}, {"shell", command_.shell}};
    check_program();
    if (is_own_program()) all["program"] = hash_of(command_.folder / command_.run.front());
    for (const std::string& input : command_.inputs) {
      const fs::path path = command_.folder / with_home(input);
      if (!fs::exists(path)) {
        throw Error(fmt::format("the input '{}' of the command is not there", input), path.string(),
                    "mend inputs of [command]: they are meant from the sweep file");
      }
      all["inputs"].push_back({input, hash_of(path)});
    }
    for (const ParameterSpec& spec : command_.parameters) {
      if (spec.type != ParameterType::path || spec.role != ParameterRole::location) continue;
      const std::string& text = parameters.text(spec.name);
      std::error_code error;
      const fs::path path = command_.folder / text;
      const bool is_there = !text.empty() && fs::exists(path, error);
      all["paths"].push_back({spec.name, is_there ? hash_of(path) : text});
    }
    return {sha256_of(all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)), {}};
  }

 private:
  bool is_own_program() const {
    const std::string& program = command_.run.front();
    return !command_.shell && program.find('/') != std::string::npos &&
           program.find('{') == std::string::npos;
  }

  void check_program() const {
    const std::string& program = command_.run.front();
    if (command_.shell || program.find('{') != std::string::npos) return;
    const bool is_found = is_own_program() ? access((command_.folder / program).c_str(), X_OK) == 0
                                           : is_in_path(program);
    if (is_found) return;
    throw Error(fmt::format("the program '{}' of the command cannot be run", program),
                command_.folder.string(),
                is_own_program() ? "build it, and see that it may be executed"
                                 : "install it, or write ./ before a program of this folder");
  }

  /// Of a file its contents, of a folder the names and contents of all its files.
  const std::string& hash_of(const fs::path& path) {
    std::string& hash = hashes_[path];
    if (!hash.empty()) return hash;
    if (!fs::is_directory(path)) return hash = sha256_of_file(path);
    Sha256 all;
    for (const fs::path& file : files_below(path)) {
      all.add(file.lexically_relative(path).string());
      all.add(std::string_view("\0", 1));
      all.add(sha256_of_file(file));
    }
    return hash = all.hex();
  }

  CommandDeclaration command_;
  std::map<fs::path, std::string> hashes_;  ///< of what was read before
};

}  // namespace

std::unique_ptr<InputInspector> make_command_inspector(const CommandDeclaration& command) {
  return std::make_unique<CommandInspector>(command);
}

}  // namespace epochal
