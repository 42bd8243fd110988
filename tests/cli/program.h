#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace epochal::test {

/// What a finished program left.
struct Finished {
  int exit_code = 0;
  std::string out;
  std::string err;
};

/// Waits until a process has ended. Its exit code; of one that a signal ended, that below zero.
inline int exit_code_of(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// Makes this process the program, in a folder and without a store that its environment names.
[[noreturn]] inline void become(const std::string& executable, const std::filesystem::path& folder,
                                const std::vector<std::string>& arguments) {
  if (chdir(folder.c_str()) != 0) _exit(120);
  unsetenv("EPOCHAL_STORE");
  std::vector<char*> argv{const_cast<char*>("epochal")};
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  execv(executable.c_str(), argv.data());
  _exit(121);
}

/// Drives the built program in a folder of its own, as a user in a shell does.
class Program {
 public:
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

  /// The program that is driven: the one of the build, unless a test installs another.
  std::string executable = EPOCHAL_PROGRAM;

  /// Environment of the program besides this process's own; an empty value unsets.
  std::map<std::string, std::string> environment;

  Finished run(const std::vector<std::string>& arguments) {
    const int exit_code = exit_code_of(start(arguments));
    return {exit_code, read_file(out_), read_file(err_)};
  }

  /// Types a line into a shell that has the program as `epochal`.
  Finished shell(const std::string& line) {
    const std::string program = std::exchange(executable, "/bin/bash");
    Finished finished = run({"-c", "epochal() { '" + program + "' \"$@\"; }; " + line});
    executable = program;
    return finished;
  }

  /// Starts it in the background; its output is in out() and err() so far.
  pid_t start(const std::vector<std::string>& arguments) {
    const pid_t pid = fork();
    if (pid < 0) throw std::runtime_error("fork failed");
    if (pid == 0) start_here(arguments);
    return pid;
  }

  std::string err() const { return read_file(err_); }

 private:
  [[noreturn]] void start_here(const std::vector<std::string>& arguments) const {
    for (const auto& [name, value] : environment) {
      if (value.empty()) {
        unsetenv(name.c_str());
      } else {
        setenv(name.c_str(), value.c_str(), 1);
      }
    }
    setpgid(0, 0);
    const int out = open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const int err = open(err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    become(executable, folder(), arguments);
  }

  TemporaryFolder folder_;
  std::filesystem::path out_ = folder_ / "stdout";
  std::filesystem::path err_ = folder_ / "stderr";
};

}  // namespace epochal::test
