// Starts a program through its keeper, and reads its output.

#include "framework/command/kept_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <tuple>
#include <utility>

#include "framework/base/error.h"
#include "framework/system/descendants.h"
#include "framework/system/installed_program.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

constexpr int kKillNow = SIGUSR1;  ///< to the keeper
constexpr std::chrono::milliseconds kLook{1};
constexpr std::chrono::milliseconds kLookAfterKeeper{200};

/// The ends to read from and to write into.
std::pair<Handle, Handle> pipe_to_program() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw Error(fmt::format("a pipe to the program cannot be created: {}", std::strerror(errno)));
  }
  return {Handle(ends[0]), Handle(ends[1])};
}

}  // namespace

KeptProgram::KeptProgram(const KeptProgramStart& start) : grace_(start.grace) {
  Handle written;
  std::tie(output_handle_, written) = pipe_to_program();
  Handle written_errors;
  if (start.has_own_errors) std::tie(errors_handle_, written_errors) = pipe_to_program();

  prctl(PR_SET_CHILD_SUBREAPER, 1);
  others_ = children();
  ProcessStart keeper;
  keeper.program = this_program().parent_path().parent_path() / "lib/epochal/epochal-keeper";
  keeper.command = {"epochal-keeper", std::to_string(getpid()), std::to_string(grace_.count())};
  keeper.command.insert(keeper.command.end(), start.command.begin(), start.command.end());
  keeper.output_handle = written.number();
  if (start.has_own_errors) keeper.errors_handle = written_errors.number();
  if (start.has_input) keeper.input_handle = STDIN_FILENO;
  keeper.directory = start.directory;
  keeper.environment = start.environment;
  keeper.removed_variables = start.removed_variables;
  keeper.group = SignalGroup::own;
  keeper.has_channel = true;
  keeper.channel_variable = "EPOCHAL_SOCKET";
  keeper_.emplace(keeper);
  channel_.handle = keeper_->channel();
  output_.handle = output_handle_.number();
  if (start.has_own_errors) errors_.handle = errors_handle_.number();
}

KeptProgram::~KeptProgram() {
  if (end_) return;
  keeper_->send_signal(kKillNow);
  constexpr std::chrono::seconds kPatience{
      10};  // for a program that the kernel does not end at once
  keeper_->wait_or_kill(kPatience);
  kill_children_but(others_);
}

std::optional<KeptProgram::Line> KeptProgram::waiting_line(Stream& stream, Line::Source source) {
  auto line = stream.lines.next();
  if (!line) return std::nullopt;
  return Line{source, std::move(line->text), line->is_cut};
}

std::optional<KeptProgram::Line> KeptProgram::waiting_line() {
  if (auto line = waiting_line(channel_, Line::Source::channel)) return line;
  if (auto line = waiting_line(output_, Line::Source::output)) return line;
  return waiting_line(errors_, Line::Source::errors);
}

std::optional<KeptProgram::Line> KeptProgram::next_printed() {
  for (;;) {
    if (auto line = waiting_line(output_, Line::Source::output)) return line;
    pollfd wait{output_.handle, POLLIN, 0};
    if (output_.handle < 0 || poll(&wait, 1, 0) <= 0) return std::nullopt;
    read(output_);
  }
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
  const short channel_events = untold_.empty() ? POLLIN : POLLIN | POLLOUT;
  std::array<pollfd, 3> waits{pollfd{channel_.handle, channel_events, 0},
                              pollfd{output_.handle, POLLIN, 0}, pollfd{errors_.handle, POLLIN, 0}};
  if (poll(waits.data(), waits.size(), static_cast<int>(patience.count())) <= 0) return;
  const bool has_output = waits[1].revents != 0;
  if (has_output) read(output_);
  if (waits[2].revents != 0) read(errors_);
  // A message that the program sent before it printed this has arrived: it is taken first.
  if (has_output && channel_.handle >= 0) poll(waits.data(), 1, 0);
  tell_what_waits();
  if ((waits[0].revents & ~POLLOUT) != 0) read(channel_);
}

std::optional<KeptProgram::Line> KeptProgram::next(std::chrono::milliseconds patience) {
  const auto last = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (auto line = waiting_line()) return line;
    if (end_) return std::nullopt;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        last - std::chrono::steady_clock::now());
    if (!are_streams_over()) {
      wait_for_streams(std::clamp(left, std::chrono::milliseconds(0), kLookAfterKeeper));
      if (auto line = waiting_line()) return line;
      look_after_keeper();
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
  untold_ += line;
  untold_ += '\n';
  tell_what_waits();
}

/// Keeps the rest of a line that was sent only in part.
void KeptProgram::tell_what_waits() {
  if (channel_.handle < 0) untold_.clear();
  while (!untold_.empty()) {
    const ssize_t length =
        send(channel_.handle, untold_.data(), untold_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno != EAGAIN) untold_.clear();  // nobody reads the channel any more
    if (length <= 0) return;
    untold_.erase(0, static_cast<std::size_t>(length));
  }
}

/// If the keeper was killed, its program's processes become children of this process, which then
/// ends them.
void KeptProgram::look_after_keeper() {
  if (keeper_->poll()) kill_children_but(others_);
}

void KeptProgram::ask_to_end() {
  keeper_->send_signal(SIGTERM);
}

void KeptProgram::kill() {
  keeper_->send_signal(kKillNow);
}

}  // namespace epochal
