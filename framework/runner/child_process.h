#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace epochal {

/// Whether signals sent to this process's group, such as Ctrl-C, reach the child too.
enum class SignalGroup { shared, own };

/// Starts a program with its input empty and its output and errors appended to `output`. A program
/// without a slash is looked up in PATH. `command` is the program's name, which `ps` shows, and its
/// arguments. Returns its pid. Throws Error if it cannot be started.
pid_t start_process(const std::string& program, const std::vector<std::string>& command,
                    const std::filesystem::path& output, SignalGroup group);

/// The same with a two-way channel, which the child finds open as `kChannel`.
struct ChildWithChannel {
  static constexpr int kChannel = 3;

  pid_t pid = 0;
  int channel = -1;  ///< the parent's end of a stream socket, which the caller closes
};
ChildWithChannel start_process_with_channel(const std::string& program,
                                            const std::vector<std::string>& command,
                                            const std::filesystem::path& output, SignalGroup group);

}  // namespace epochal
