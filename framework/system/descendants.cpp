// /proc, from this process downwards.

#include "framework/system/descendants.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "framework/system/proc_file.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProcesses = 4096;

void add_children(const std::string& process, std::vector<std::string>& processes) {
  std::error_code gone;
  fs::directory_iterator thread("/proc/" + process + "/task", gone);
  for (; !gone && thread != fs::directory_iterator(); thread.increment(gone)) {
    std::ifstream in(thread->path() / "children");
    for (std::string child; in >> child && processes.size() < kMostProcesses;) {
      processes.push_back(child);
    }
  }
}

void add_cpu(const std::string& process, ProcessUse& use) {
  std::istringstream fields = stat_fields(process);
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double ticks = 0;
  for (int field = 14; field < 18; ++field) {  // utime, stime, cutime, cstime
    double part = 0;
    if (fields >> part) ticks += part;
  }
  use.cpu += std::chrono::duration<double>(ticks / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

}  // namespace

std::set<pid_t> children() {
  std::vector<std::string> processes;
  add_children("self", processes);
  std::set<pid_t> numbers;
  for (const std::string& process : processes) numbers.insert(std::atoi(process.c_str()));
  return numbers;
}

void kill_children_but(const std::set<pid_t>& spared) {
  constexpr std::chrono::seconds kPatience{5};
  constexpr std::chrono::milliseconds kLook{1};
  const auto last = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    bool has_some = false;
    for (const pid_t child : children()) {
      if (spared.contains(child)) continue;
      has_some = true;  // its children become children of this process when it ends
      kill(child, SIGKILL);
      waitpid(child, nullptr, WNOHANG);
    }
    if (!has_some || std::chrono::steady_clock::now() >= last) return;
    std::this_thread::sleep_for(kLook);
  }
}

ProcessUse use_of_descendants() {
  std::vector<std::string> processes;
  add_children("self", processes);
  ProcessUse use;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    const std::string process = processes[i];
    add_cpu(process, use);
    const std::string status = "/proc/" + process + "/status";
    use.resident_bytes += bytes_in(status, "VmRSS").value_or(0);
    use.peak_bytes += bytes_in(status, "VmHWM").value_or(0);
    add_children(process, processes);
  }
  return use;
}

}  // namespace epochal
