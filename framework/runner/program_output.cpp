// A program's output by way of a temporary file, so that nothing can block on a full pipe.

#include "framework/runner/program_output.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "framework/plugin/error.h"
#include "framework/runner/child_process.h"

namespace epochal {
namespace {

constexpr std::size_t kMostOutput = 1 << 20;

/// A file of this process's own, gone with it.
class TemporaryFile {
 public:
  TemporaryFile() : path_(std::filesystem::temp_directory_path() / "epochal-XXXXXX") {
    handle_ = mkstemp(path_.data());
    if (handle_ < 0) throw Error("no temporary file can be made", path_, "check the disk");
  }
  ~TemporaryFile() {
    close(handle_);
    unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

  std::string text() const {
    std::string text;
    std::array<char, 4096> part{};
    ssize_t length = 0;
    while (text.size() < kMostOutput && (length = read(handle_, part.data(), part.size())) > 0) {
      text.append(part.data(), static_cast<std::size_t>(length));
    }
    return text;
  }

 private:
  std::string path_;
  int handle_ = -1;
};

}  // namespace

std::string output_of(const std::vector<std::string>& command) {
  const TemporaryFile output;
  const pid_t pid = start_process(command.front(), command, output.path(), SignalGroup::own);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  std::string text = output.text();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  throw Error(fmt::format("{} failed: {}", command.front(), text.substr(0, 500)), {},
              "see that its cluster is there and takes the request");
}

}  // namespace epochal
