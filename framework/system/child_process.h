#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/system/open_beneath.h"

namespace epochal {

/// Whether signals sent to this process's group, such as Ctrl-C, reach the child too.
enum class SignalGroup { shared, own };

/// How to start a program. It inherits no open files but those named here.
struct ProcessStart {
  std::vector<std::string> command;  ///< the program's name, which `ps` shows, and its arguments
  /// The program's file; empty: command.front(). One without a slash is looked up in PATH.
  std::string program;
  std::filesystem::path output;  ///< its output and errors are appended to this file
  int input_handle = -1;         ///< its standard input, an open handle of this process; -1: empty
  /// Instead of a file: where its output and errors go, an open handle of this process.
  int output_handle = -1;
  int errors_handle = -1;           ///< the same for its errors alone
  std::filesystem::path errors;     ///< where its errors go instead; empty: with the output
  std::filesystem::path directory;  ///< it runs in; empty: that of this process
  SignalGroup group = SignalGroup::shared;
  std::map<std::string, std::string> environment;  ///< besides that of this process
  std::set<std::string> removed_variables;         ///< from the environment of this process
  bool has_channel = false;  ///< whether it gets a two-way channel as ChildProcess::kChannel
  /// The variable with the inode of the child's end of the channel, by which it recognises the
  /// channel; empty for none.
  std::string channel_variable;
};

/// How a process ended.
struct ProcessEnd {
  int exit_code = 0;
  int signal = 0;  ///< the signal that killed it, or 0

  bool is_success() const { return exit_code == 0 && signal == 0; }
};

/// Whether a signal came from outside: from a user, or from the system because memory ran out.
bool is_from_outside(int signal);

/// Thrown for a program that does not exist or is not executable.
class CannotStart : public Error {
 public:
  using Error::Error;
};

/// A child process. The destructor kills it if it is still running.
class ChildProcess {
 public:
  /// The number under which a child finds its channel open.
  static constexpr int kChannel = 3;

  /// Throws CannotStart if the program cannot be started.
  explicit ChildProcess(const ProcessStart& start);
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }

  /// This end of the channel, a stream socket; -1 if there is none.
  int channel() const { return channel_.number(); }

  /// Closes the channel: a child that waits for an order sees its end.
  void close_channel();

  /// Sends a signal to the child, or to its process group if it has its own.
  void send_signal(int number) const;

  /// Waits until it has ended. Signals to this process do not interrupt this.
  ProcessEnd wait();

  /// How it ended; none while it runs.
  std::optional<ProcessEnd> poll();

  /// Waits for at most this time, then kills it.
  ProcessEnd wait_or_kill(std::chrono::milliseconds patience);

  /// Detaches the child, so that it outlives this object and this process.
  void let_go();

 private:
  pid_t pid_ = 0;
  Handle channel_;
  bool has_own_group_ = false;
  std::optional<ProcessEnd> end_;
};

}  // namespace epochal
