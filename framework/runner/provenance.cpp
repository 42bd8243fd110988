// Where a run comes from.

#include "framework/runner/provenance.h"

#include <unistd.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "framework/runner/durable_file.h"
#include "framework/runner/program_output.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// /proc/self/cmdline: the words of the command, each ended by a zero byte.
std::string command_line() {
  constexpr std::size_t kLongest = 10'000;
  std::string line;
  std::string word;
  for (const char c : text_of("/proc/self/cmdline")) {
    if (c != '\0') {
      word += c;
      continue;
    }
    line += (line.empty() ? "" : " ") + shell_quoted(word);
    word.clear();
  }
  return line.substr(0, kLongest);
}

/// What git says of a folder; empty where it has nothing to say. Nothing that the repository
/// configures to run beside git is run.
std::string git(const fs::path& folder, std::vector<std::string> words) {
  std::vector<std::string> command{"git", "-c", "core.fsmonitor=false", "-C", folder.string()};
  command.insert(command.end(), words.begin(), words.end());
  try {
    return output_of(command);
  } catch (const Error&) {  // no git, or no repository: then there is no commit to keep
    return {};
  }
}

void write_text(const fs::path& file, const std::string& text) {
  write_durably(file, std::as_bytes(std::span(text)));
}

}  // namespace

std::string shell_quoted(const std::string& word) {
  const bool is_plain =
      !word.empty() &&
      word.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,+-") ==
          std::string::npos;
  if (is_plain) return word;
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? "'\\''" : std::string(1, c);
  return result + "'";
}

namespace {

Provenance provenance_here(const fs::path& folder, std::string& diff) {
  Provenance provenance;
  provenance.command = command_line();
  std::error_code error;
  provenance.directory = fs::current_path(error).string();
  const fs::path around = folder.empty() ? fs::path(".") : folder;
  provenance.git_commit = git(around, {"rev-parse", "--verify", "--quiet", "HEAD"});
  while (provenance.git_commit.ends_with('\n')) provenance.git_commit.pop_back();
  if (provenance.git_commit.size() != 40 && provenance.git_commit.size() != 64) {
    provenance.git_commit.clear();
    return provenance;
  }
  diff = git(around, {"diff", "--no-ext-diff", "--no-textconv", "--binary", "HEAD"});
  provenance.git_is_dirty = !diff.empty();
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

fs::path ProvenanceFile::write(const fs::path& folder, const fs::path& sources) {
  std::string diff;
  const Provenance provenance = provenance_here(sources, diff);
  const fs::path file = folder / "provenance.json";
  const nlohmann::json json{{"command", provenance.command},
                            {"directory", provenance.directory},
                            {"git_commit", provenance.git_commit},
                            {"git_is_dirty", provenance.git_is_dirty}};
  if (!diff.empty()) write_text(diff_of(file), diff);
  write_text(file, json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return file;
}

Provenance ProvenanceFile::read(const fs::path& file) {
  const auto json = nlohmann::json::parse(text_of(file), nullptr, false);
  const auto text = [&](const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    if (found == json.end() || !found->is_string()) {
      throw Error("the file does not say where its runs come from", file);
    }
    return found->get<std::string>();
  };
  Provenance provenance;
  provenance.command = text("command");
  provenance.directory = text("directory");
  provenance.git_commit = text("git_commit");
  provenance.git_is_dirty = json.value("git_is_dirty", false);
  return provenance;
}

}  // namespace epochal
