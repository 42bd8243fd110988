// The command, folder, environment and sources of a run.

#include "framework/runner/provenance.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string_view>

#include "framework/base/bounded_json.h"
#include "framework/base/error.h"
#include "framework/base/shell_words.h"
#include "framework/system/child_process.h"
#include "framework/system/durable_file.h"
#include "framework/system/installed_program.h"
#include "framework/system/whole_file.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

/// /proc/self/cmdline: the words of the command, each ended by a zero byte.
std::string command_line() {
  constexpr std::size_t kLongest = 10'000;
  std::string line;
  std::istringstream words(whole_file("/proc/self/cmdline"));
  for (std::string word; std::getline(words, word, '\0');) {
    line += (line.empty() ? "" : " ") + shell_quoted(word);
  }
  return line.substr(0, kLongest);
}

/// Whether there is a repository around the folder: checking is cheaper than running git.
bool may_have_sources(const fs::path& folder) {
  std::error_code error;
  for (fs::path around = fs::canonical(folder, error); !error; around = around.parent_path()) {
    if (fs::exists(around / ".git", error)) return true;
    if (!around.has_relative_path()) break;
  }
  return static_cast<bool>(error);
}

/// Adds the git state of the sources around a folder, and writes their changes next to `file`. Asks
/// `epochal-git`, which runs no code from a repository; adds nothing if that program is missing or
/// fails.
void add_sources(const fs::path& folder, const fs::path& file, store::Provenance& provenance) {
  constexpr std::chrono::minutes kPatience{1};
  constexpr std::size_t kDigits = 40;
  const fs::path diff = ProvenanceFile::diff_of(file);
  const fs::path answer = diff.string() + ".commit";
  if (!may_have_sources(folder)) return;
  bool is_done = false;
  try {
    ProcessStart start;
    start.command = {"epochal-git", folder.string(), diff.string()};
    start.program = this_program().parent_path().parent_path() / "lib/epochal/epochal-git";
    start.output = answer;
    start.errors = "/dev/null";
    is_done = ChildProcess(start).wait_or_kill(kPatience).is_success();
  } catch (const Error&) {
  }
  const std::string said = is_done ? whole_file(answer) : "";
  std::error_code ignored;
  fs::remove(answer, ignored);
  if (said.find(' ') != kDigits) {
    fs::remove(diff, ignored);
    return;
  }
  const bool is_cut = said.substr(kDigits) == " cut\n";
  if (is_cut) fs::rename(diff, ProvenanceFile::cut_diff_of(file));
  provenance.git_commit = said.substr(0, kDigits);
  provenance.git_is_dirty = is_cut || said.substr(kDigits) == " changed\n";
}

store::Provenance provenance_here(const fs::path& folder, const fs::path& file) {
  store::Provenance provenance;
  provenance.command = command_line();
  std::error_code error;
  provenance.directory = fs::current_path(error).string();
  add_sources(folder.empty() ? fs::path(".") : folder, file, provenance);
  return provenance;
}

}  // namespace

std::map<std::string, std::string> environment_that_matters() {
  constexpr std::array<std::string_view, 16> kPrefixes{
      "OMP_",    "GOMP_",  "KMP_",    "MKL_",     "OPENBLAS_", "DNNL_",     "ONEDNN_",     "CUDA_",
      "CUBLAS_", "CUDNN_", "NVIDIA_", "EPOCHAL_", "MALLOC_",   "SLURM_JOB", "SLURM_ARRAY", "LD_"};
  constexpr std::size_t kLongest = 1000;
  std::map<std::string, std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    for (const std::string_view prefix : kPrefixes) {
      if (!text.starts_with(prefix)) continue;
      environment[std::string(text.substr(0, equals))] = text.substr(equals + 1, kLongest);
    }
  }
  return environment;
}

fs::path ProvenanceFile::diff_of(const fs::path& file) {
  return fs::path(file).replace_extension(".diff");
}

fs::path ProvenanceFile::cut_diff_of(const fs::path& file) {
  return fs::path(file).replace_extension(".cut.diff");
}

fs::path ProvenanceFile::write(const fs::path& folder, const fs::path& sources) {
  const fs::path file = folder / "provenance.json";
  const store::Provenance provenance = provenance_here(sources, file);
  const nlohmann::json json{{"command", provenance.command},
                            {"directory", provenance.directory},
                            {"git_commit", provenance.git_commit},
                            {"git_is_dirty", provenance.git_is_dirty}};
  const std::string text = json_text(json);
  write_durably(file, std::as_bytes(std::span(text)));
  return file;
}

fs::path ProvenanceFile::copy(const fs::path& file, const fs::path& folder) {
  for (const fs::path& part : {file, diff_of(file), cut_diff_of(file)}) {
    if (part == file || fs::exists(part)) copy_durably(part, folder / part.filename());
  }
  return folder / file.filename();
}

store::Provenance ProvenanceFile::read(const fs::path& file) {
  const auto json = bounded_json(whole_file(file));
  const auto text = [&](const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    if (found == json.end() || !found->is_string()) {
      throw Error("the file does not say where its runs come from", file);
    }
    return found->get<std::string>();
  };
  store::Provenance provenance;
  provenance.command = text("command");
  provenance.directory = text("directory");
  provenance.git_commit = text("git_commit");
  provenance.git_is_dirty = json.contains("git_is_dirty") && json["git_is_dirty"] == true;
  return provenance;
}

}  // namespace epochal
