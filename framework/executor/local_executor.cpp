// Worker processes on this machine: posix_spawn to start them, pidfds to wait for them.

#include "framework/executor/local_executor.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "db/artifact_path.h"
#include "db/query.h"
#include "framework/runner/child_process.h"
#include "framework/runner/run_folder.h"

namespace epochal {
namespace {

struct Child {
  RunId run;
  pid_t pid = 0;
  int pidfd = -1;
};

class LocalExecutor : public Executor {
 public:
  LocalExecutor(Store& store, const LocalOptions& options) : store_(store), options_(options) {}

  ~LocalExecutor() override {
    if (children_.empty()) return;
    signal_all(SIGKILL);
    for (const Child& child : children_) {
      waitpid(child.pid, nullptr, 0);
      close(child.pidfd);
    }
  }

  int room() const override { return options_.jobs - static_cast<int>(children_.size()); }

  void submit(const RunRecord& run) override {
    const std::size_t attempts = Query(store_.folder()).attempts(run.id).size();
    const RunFolder folder(store_.folder(), run.identity);
    const ArtifactRecord log = folder.log(static_cast<int>(attempts) + 1);
    store_.add_artifact(run.id, log);

    // A group of its own: Ctrl-C reaches the parent alone, which passes it on politely.
    const pid_t pid = start_process("/proc/self/exe", command_of(run.id),
                                    artifact_file(store_.folder(), log.path), SignalGroup::own);
    const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    children_.push_back({run.id, pid, pidfd});
  }

  std::vector<RunExit> poll(std::chrono::milliseconds patience) override {
    wait_for_any(patience);
    std::vector<RunExit> exits;
    std::erase_if(children_, [&](const Child& child) {
      int status = 0;
      if (waitpid(child.pid, &status, WNOHANG) != child.pid) return false;
      close(child.pidfd);
      exits.push_back({child.run, WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                       WIFSIGNALED(status) ? WTERMSIG(status) : 0});
      return true;
    });
    return exits;
  }

  void ask_to_stop() override { signal_all(SIGTERM); }

  void kill() override { signal_all(SIGKILL); }

 private:
  std::vector<std::string> command_of(RunId run) const {
    const WorkOptions& work = options_.work;
    std::vector<std::string> command{"epochal",
                                     "worker",
                                     std::to_string(run.value),
                                     "--store",
                                     std::filesystem::absolute(store_.folder()).string(),
                                     "--threads",
                                     std::to_string(work.threads),
                                     "--memory",
                                     std::to_string(work.memory),
                                     "--keep-checkpoints",
                                     std::string(name_of(work.keep_checkpoints)),
                                     "--parent",
                                     std::to_string(getpid())};
    if (work.deadline) {
      command.insert(command.end(), {"--deadline", std::to_string(*work.deadline)});
    }
    return command;
  }

  void signal_all(int number) const {
    for (const Child& child : children_) ::kill(-child.pid, number);
  }

  void wait_for_any(std::chrono::milliseconds patience) const {
    std::vector<pollfd> waits;
    for (const Child& child : children_) waits.push_back({child.pidfd, POLLIN, 0});
    // A kernel without pidfds leaves -1 here, which poll ignores: then patience is the clock.
    ::poll(waits.data(), waits.size(), static_cast<int>(patience.count()));
  }

  Store& store_;
  LocalOptions options_;
  std::vector<Child> children_;
};

}  // namespace

std::unique_ptr<Executor> make_local_executor(Store& store, const LocalOptions& options) {
  return std::make_unique<LocalExecutor>(store, options);
}

}  // namespace epochal
