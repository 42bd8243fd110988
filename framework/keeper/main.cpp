// epochal-keeper PARENT GRACE PROGRAM [ARGUMENTS]: runs a program as long as the process PARENT
// lives, and leaves none of its processes behind. It is a separate process, since a killed process
// cannot clean up. As a Linux "subreaper" it becomes the parent of all descendants of the program
// whose own parents end.
//
// SIGTERM asks the program's group to end, and kills it GRACE milliseconds later. SIGUSR1, which
// the kernel sends when PARENT ends, kills it at once. When the program ends, its remaining
// descendants are killed. The keeper ends like the program: with its exit code or by its signal, or
// with 127 if it cannot be started.

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCannotStart = 127;
constexpr int kChannel = 3;  ///< only for the program
constexpr std::chrono::seconds kPatienceWithKilled{5};

/// Kills the current children of this process; their children become its children next.
void kill_children() {
  std::FILE* children = std::fopen("/proc/thread-self/children", "re");
  if (children == nullptr) return;
  for (int child = 0; std::fscanf(children, "%d", &child) == 1;) kill(child, SIGKILL);
  std::fclose(children);
}

/// Kills all descendants of this process, and waits until all are gone or the patience ends: some
/// hang in the kernel, others belong to another user.
void kill_all() {
  const auto last = Clock::now() + kPatienceWithKilled;
  while (Clock::now() < last) {
    kill_children();
    const pid_t ended = waitpid(-1, nullptr, WNOHANG);
    if (ended < 0 && errno == ECHILD) return;
    if (ended == 0) usleep(1000);
  }
}

[[noreturn]] void become(char** command, pid_t keeper, const sigset_t& mask) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != keeper) _exit(kCannotStart);  // it died before prctl took hold
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  execvp(command[0], command);
  std::fprintf(stderr, "epochal: %s cannot be started: %s\n", command[0], std::strerror(errno));
  _exit(kCannotStart);
}

[[noreturn]] void end_as(int status) {
  if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);  // the program has written its own core file
  const int number = WTERMSIG(status);
  std::signal(number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  sigprocmask(SIG_UNBLOCK, &only, nullptr);
  raise(number);
  _exit(128 + number);
}

/// Kills the program and returns how it ended. A program of another user may survive.
int killed(pid_t program) {
  kill(-program, SIGKILL);
  const auto last = Clock::now() + kPatienceWithKilled;
  int status = SIGKILL;
  while (waitpid(program, &status, WNOHANG) == 0 && Clock::now() < last) usleep(1000);
  return status;
}

/// Waits for the program or for a signal to end it. Returns how it ended.
int keep(pid_t program, std::chrono::milliseconds grace, const sigset_t& signals) {
  std::optional<Clock::time_point> last;
  std::optional<int> end;
  for (;;) {
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended == program) end = status;
    }
    // Processes that were asked to end have the grace, even if their shell has ended before.
    if (end && (!last || kill(-program, 0) != 0)) return *end;
    timespec patience{3600, 0};
    if (last) {
      const auto left = std::max(Clock::duration::zero(), *last - Clock::now());
      const auto nanoseconds = std::chrono::nanoseconds(left).count();
      patience = {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
    }
    const int number = sigtimedwait(&signals, nullptr, &patience);
    const bool is_over = last && Clock::now() >= *last;
    if (number == SIGTERM && !last) {
      kill(-program, SIGTERM);
      last = Clock::now() + grace;
    } else if (number == SIGUSR1 || is_over) {
      const int as_killed = killed(program);
      return end.value_or(as_killed);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "epochal-keeper: only epochal starts this program\n");
    return kCannotStart;
  }
  std::signal(SIGCHLD, SIG_DFL);  // if it were ignored, waiting for a child would fail
  sigset_t signals;
  sigset_t before;
  sigemptyset(&signals);
  for (const int number : {SIGCHLD, SIGTERM, SIGUSR1}) sigaddset(&signals, number);
  sigprocmask(SIG_BLOCK, &signals, &before);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, SIGUSR1);
  if (getppid() != std::atoi(argv[1])) return kCannotStart;  // it died before prctl took hold
  const std::chrono::milliseconds grace(std::atoll(argv[2]));

  const pid_t keeper = getpid();
  const pid_t program = fork();
  if (program < 0) {
    std::fprintf(stderr, "epochal: no process for %s: %s\n", argv[3], std::strerror(errno));
    return kCannotStart;
  }
  if (program == 0) become(argv + 3, keeper, before);
  setpgid(program, program);  // both processes call this; the first one counts
  // A reader of the output sees the end of the program, not of this process.
  for (const int handle : {STDOUT_FILENO, STDERR_FILENO, kChannel}) close(handle);
  const int status = keep(program, grace, signals);
  kill_all();
  end_as(status);
}
