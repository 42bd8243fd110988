// Reads a program's output through a temporary file, so that nothing can block on a full pipe.

#include "framework/system/program_output.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>

#include "framework/base/error.h"
#include "framework/system/child_process.h"
#include "framework/system/open_beneath.h"

namespace epochal {
namespace {

constexpr std::size_t kMostOutput = 1 << 20;

/// A file in memory, so that no folder for temporary files is needed.
class TemporaryFile {
 public:
  TemporaryFile() : handle_(memfd_create("epochal", MFD_CLOEXEC)) {
    if (!handle_.is_open()) {
      throw Error("a temporary file cannot be created", {}, "close other programs");
    }
  }

  /// The path for a child process.
  std::string path() const { return fmt::format("/proc/{}/fd/{}", getpid(), handle_.number()); }

  std::string text() const {
    std::string text;
    std::array<char, 4096> part{};
    ssize_t length = 0;
    lseek(handle_.number(), 0, SEEK_SET);
    while (text.size() < kMostOutput &&
           (length = read(handle_.number(), part.data(), part.size())) > 0) {
      text.append(part.data(), static_cast<std::size_t>(length));
    }
    return text;
  }

 private:
  Handle handle_;
};

}  // namespace

std::string output_of(const std::vector<std::string>& command) {
  const TemporaryFile output;
  const TemporaryFile errors;
  ProcessStart start;
  start.command = command;
  start.output = output.path();
  start.errors = errors.path();
  start.group = SignalGroup::own;
  const ProcessEnd end = ChildProcess(start).wait();
  if (end.is_success()) return output.text();
  std::string said = errors.text() + output.text();
  while (!said.empty() && said.back() == '\n') said.pop_back();
  throw Error(fmt::format("{} failed: {}", command.front(), said.substr(0, 500)), {},
              "check that the cluster is reachable and accepts the request");
}

}  // namespace epochal
