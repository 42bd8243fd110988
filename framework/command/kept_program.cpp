// A program behind its keeper, and what comes from it.

#include "framework/command/kept_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "framework/base/error.h"
#include "framework/command/program_line.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

constexpr int kKillNow = SIGUSR1;  ///< to the keeper
constexpr std::chrono::milliseconds kLook{1};

}  // namespace

KeptProgram::KeptProgram(const KeptProgramStart& start)
    : grace_(start.grace),
      channel_{-1, LineSplitter(kLongestLine)},
      output_{-1, LineSplitter(kLongestLine)} {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw Error(fmt::format("no pipe to a program can be made: {}", std::strerror(errno)));
  }
  output_handle_ = Handle(ends[0]);
  const Handle written(ends[1]);

  ProcessStart keeper;
  keeper.program =
      fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "lib/epochal/epochal-keeper";
  keeper.command = {"epochal-keeper", std::to_string(getpid()), std::to_string(grace_.count())};
  keeper.command.insert(keeper.command.end(), start.command.begin(), start.command.end());
  keeper.output_handle = written.number();
  keeper.directory = start.directory;
  keeper.environment = start.environment;
  keeper.group = SignalGroup::own;
  keeper.has_channel = true;
  keeper_.emplace(keeper);
  channel_.handle = keeper_->channel();
  output_.handle = output_handle_.number();
}

KeptProgram::~KeptProgram() {
  if (end_) return;
  keeper_->send_signal(kKillNow);
  constexpr std::chrono::seconds kPatience{10};  // for a program that the kernel holds
  keeper_->wait_or_kill(kPatience);
}

std::optional<KeptProgram::Line> KeptProgram::waiting_line() {
  if (auto line = channel_.lines.next()) {
    return Line{Line::Source::channel, std::move(line->text), line->is_cut};
  }
  if (auto line = output_.lines.next()) {
    return Line{Line::Source::output, std::move(line->text), line->is_cut};
  }
  return std::nullopt;
}

void KeptProgram::read(Stream& stream) {
  std::array<char, 65536> part;
  const ssize_t length = ::read(stream.handle, part.data(), part.size());
  if (length > 0) {
    stream.lines.add({part.data(), static_cast<std::size_t>(length)});
  } else if (length == 0 || (errno != EINTR && errno != EAGAIN)) {
    stream.lines.end();
    stream.handle = -1;
  }
}

void KeptProgram::wait_for_streams(std::chrono::milliseconds patience) {
  std::array<pollfd, 2> waits{pollfd{channel_.handle, POLLIN, 0},
                              pollfd{output_.handle, POLLIN, 0}};
  if (poll(waits.data(), waits.size(), static_cast<int>(patience.count())) <= 0) return;
  const bool has_output = waits[1].revents != 0;
  if (has_output) read(output_);
  // What was said before something was printed is taken before it: it is there by now.
  if (has_output && channel_.handle >= 0) poll(waits.data(), 1, 0);
  if (waits[0].revents != 0) read(channel_);
}

std::optional<KeptProgram::Line> KeptProgram::next(std::chrono::milliseconds patience) {
  const auto last = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (auto line = waiting_line()) return line;
    if (end_) return std::nullopt;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        last - std::chrono::steady_clock::now());
    if (!are_streams_over()) {
      wait_for_streams(std::max(left, std::chrono::milliseconds(0)));
      if (auto line = waiting_line()) return line;
    } else if (const auto end = keeper_->poll()) {
      end_ = end;
      return std::nullopt;
    } else {
      std::this_thread::sleep_for(std::clamp(left, std::chrono::milliseconds(0), kLook));
    }
    if (std::chrono::steady_clock::now() >= last) return std::nullopt;
  }
}

void KeptProgram::tell(std::string_view line) {
  if (channel_.handle < 0) return;
  const std::string text = std::string(line) + '\n';
  send(channel_.handle, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void KeptProgram::ask_to_end() {
  keeper_->send_signal(SIGTERM);
}

}  // namespace epochal
