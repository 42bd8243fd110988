// posix_spawn with its resources owned.

#include "framework/runner/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "framework/plugin/error.h"

extern char** environ;

namespace epochal {
namespace {

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void output_to(const std::filesystem::path& file) {
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, file.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0666);
    posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
  }

  void give_channel(int end) {
    posix_spawn_file_actions_adddup2(&actions_, end, ChildWithChannel::kChannel);
  }

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
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

pid_t spawn(const std::string& program, const std::vector<std::string>& command,
            const FileActions& actions, SignalGroup group) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);

  const SpawnAttributes attributes(group);
  pid_t pid = 0;
  const int failure =
      posix_spawnp(&pid, program.c_str(), actions.get(), attributes.get(), argv.data(), environ);
  if (failure == 0) return pid;
  const std::string reason = std::strerror(failure);
  throw Error(fmt::format("{} cannot be started: {}", program, reason));
}

}  // namespace

pid_t start_process(const std::string& program, const std::vector<std::string>& command,
                    const std::filesystem::path& output, SignalGroup group) {
  FileActions actions;
  actions.output_to(output);
  return spawn(program, command, actions, group);
}

ChildWithChannel start_process_with_channel(const std::string& program,
                                            const std::vector<std::string>& command,
                                            const std::filesystem::path& output,
                                            SignalGroup group) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw Error(fmt::format("{} cannot be started: {}", program, std::strerror(errno)));
  }
  FileActions actions;
  actions.output_to(output);
  actions.give_channel(ends[1]);
  ChildWithChannel child;
  child.channel = ends[0];
  try {
    child.pid = spawn(program, command, actions, group);
  } catch (const Error&) {
    close(ends[0]);
    close(ends[1]);
    throw;
  }
  close(ends[1]);
  return child;
}

}  // namespace epochal
