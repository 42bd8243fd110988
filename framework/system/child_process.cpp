// posix_spawn and waitpid with owned resources.

#include "framework/system/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <tuple>
#include <utility>

#include "framework/base/disk_full.h"

extern char** environ;

namespace epochal {
namespace {

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void open_files(const ProcessStart& start) {
    constexpr int kAppend = O_WRONLY | O_CREAT | O_APPEND;
    const bool are_joined = start.errors_handle < 0 && start.errors.empty();
    give(STDIN_FILENO, start.input_handle, "/dev/null", O_RDONLY);
    give(STDOUT_FILENO, start.output_handle, start.output.c_str(), kAppend);
    give(STDERR_FILENO, are_joined ? STDOUT_FILENO : start.errors_handle, start.errors.c_str(),
         kAppend);
  }

  void give_channel(int end) {
    posix_spawn_file_actions_adddup2(&actions_, end, ChildProcess::kChannel);
  }

  void close_the_rest(bool has_channel) {
    const int first = has_channel ? ChildProcess::kChannel + 1 : ChildProcess::kChannel;
    posix_spawn_file_actions_addclosefrom_np(&actions_, first);
  }

  /// After the files, whose names are relative to this folder.
  void change_directory(const std::filesystem::path& directory) {
    posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
  }

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  /// An open handle of this process, or else a file.
  void give(int number, int handle, const char* file, int flags) {
    if (handle >= 0) {
      posix_spawn_file_actions_adddup2(&actions_, handle, number);
    } else {
      posix_spawn_file_actions_addopen(&actions_, number, file, flags, 0666);
    }
  }

  posix_spawn_file_actions_t actions_{};
};

class SpawnAttributes {
 public:
  explicit SpawnAttributes(SignalGroup group) {
    posix_spawnattr_init(&attributes_);
    if (group == SignalGroup::shared) return;
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes_, 0);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// The ends of a new channel, for this process and for the child.
std::pair<Handle, Handle> channel_ends() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw Error(
        fmt::format("a channel to a child process cannot be created: {}", std::strerror(errno)));
  }
  return {Handle(ends[0]), Handle(ends[1])};
}

/// The environment of this process with the variables in place of its own of the same name.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& variables,
                                          const std::set<std::string>& removed) {
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string text = *each;
    const std::string name = text.substr(0, text.find('='));
    if (!variables.contains(name) && !removed.contains(name)) all.push_back(text);
  }
  for (const auto& [name, value] : variables) all.push_back(fmt::format("{}={}", name, value));
  return all;
}

ino_t inode_of(int handle) {
  struct stat status {};
  fstat(handle, &status);
  return status.st_ino;
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

ProcessEnd end_of(int status) {
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

}  // namespace

bool is_from_outside(int signal) {
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

ChildProcess::ChildProcess(const ProcessStart& start)
    : has_own_group_(start.group == SignalGroup::own) {
  const std::string& program = start.program.empty() ? start.command.front() : start.program;
  Handle end_of_child;
  if (start.has_channel) std::tie(channel_, end_of_child) = channel_ends();
  FileActions actions;
  actions.open_files(start);
  if (start.has_channel) actions.give_channel(end_of_child.number());
  actions.close_the_rest(start.has_channel);
  if (!start.directory.empty()) actions.change_directory(start.directory);

  const std::vector<char*> argv = pointers_to(start.command);
  std::map<std::string, std::string> environment_of_child = start.environment;
  if (start.has_channel && !start.channel_variable.empty()) {
    environment_of_child[start.channel_variable] = std::to_string(inode_of(end_of_child.number()));
  }
  const std::vector<std::string> variables =
      environment_with(environment_of_child, start.removed_variables);
  const std::vector<char*> environment = pointers_to(variables);
  const SpawnAttributes attributes(start.group);
  const int failure = posix_spawnp(&pid_, program.c_str(), actions.get(), attributes.get(),
                                   argv.data(), environment.data());
  if (failure != 0) {
    // The output has no space, not the program: files are opened after the fork.
    if (is_want_of_room({failure, std::generic_category()})) throw DiskFull(start.output);
    throw CannotStart(fmt::format("{} cannot be started: {}", program, std::strerror(failure)));
  }
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      channel_(std::move(other.channel_)),
      has_own_group_(other.has_own_group_),
      end_(other.end_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(channel_, other.channel_);
  std::swap(has_own_group_, other.has_own_group_);
  std::swap(end_, other.end_);
  return *this;
}

ChildProcess::~ChildProcess() {
  close_channel();
  if (pid_ == 0 || end_) return;
  send_signal(SIGKILL);
  wait();
}

void ChildProcess::close_channel() {
  channel_ = Handle();
}

void ChildProcess::send_signal(int number) const {
  if (!end_ && pid_ > 0) kill(has_own_group_ ? -pid_ : pid_, number);
}

ProcessEnd ChildProcess::wait() {
  while (!end_) {
    int status = 0;
    const pid_t ended = waitpid(pid_, &status, 0);
    if (ended == pid_) end_ = end_of(status);
    if (ended < 0 && errno != EINTR) end_ = ProcessEnd{127, 0};  // another thread has reaped it
  }
  return *end_;
}

std::optional<ProcessEnd> ChildProcess::poll() {
  int status = 0;
  const pid_t ended = end_ ? 0 : waitpid(pid_, &status, WNOHANG);
  if (ended > 0) end_ = end_of(status);
  if (ended < 0 && errno == ECHILD) end_ = ProcessEnd{127, 0};  // another thread has reaped it
  return end_;
}

ProcessEnd ChildProcess::wait_or_kill(std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kLook{20};
  const auto last = std::chrono::steady_clock::now() + patience;
  // Reports the end of the process at once; kernels before 5.3 do not have it.
  const Handle process(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  while (!poll() && std::chrono::steady_clock::now() < last) {
    pollfd end{process.number(), POLLIN, 0};
    if (!process.is_open() || ::poll(&end, 1, kLook.count()) < 0) {
      std::this_thread::sleep_for(kLook);
    }
  }
  send_signal(SIGKILL);
  return wait();
}

void ChildProcess::let_go() {
  pid_ = 0;
}

}  // namespace epochal
