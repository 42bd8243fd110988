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
Handle temporary_file() {
  Handle file(memfd_create("epochal", MFD_CLOEXEC));
  if (file.is_open()) return file;
  throw Error("a temporary file cannot be created", {}, "close other programs");
}

std::string whole_text(const Handle& file) {
  std::string text;
  std::array<char, 4096> part{};
  ssize_t length = 0;
  while (text.size() < kMostOutput && (length = pread(file.number(), part.data(), part.size(),
                                                      static_cast<off_t>(text.size()))) > 0) {
    text.append(part.data(), static_cast<std::size_t>(length));
  }
  return text;
}

}  // namespace

std::string output_of(const std::vector<std::string>& command) {
  const Handle output = temporary_file();
  const Handle errors = temporary_file();
  ProcessStart start;
  start.command = command;
  start.output_handle = output.number();
  start.errors_handle = errors.number();
  start.group = SignalGroup::own;
  const ProcessEnd end = ChildProcess(start).wait();
  if (end.is_success()) return whole_text(output);
  std::string said = whole_text(errors) + whole_text(output);
  while (!said.empty() && said.back() == '\n') said.pop_back();
  throw Error(fmt::format("{} failed: {}", command.front(), said.substr(0, 500)), {},
              "check that the cluster is reachable and accepts the request");
}

}  // namespace epochal
