// Worker processes on this machine. Each gets its runs over a channel, one after the other.

#include "framework/executor/local_executor.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>

#include "db/artifact_path.h"
#include "db/query.h"
#include "db/run_folder.h"
#include "framework/executor/worker_channel.h"
#include "framework/system/child_process.h"

namespace epochal {
namespace {

/// A worker process, which does one run after the other.
struct Worker {
  ChildProcess process;
  std::size_t slot = 0;             ///< the worker's index, from 0
  std::optional<store::RunId> run;  ///< the current run
  std::string received;             ///< the start of an incomplete answer
};

class LocalExecutor : public Executor {
 public:
  LocalExecutor(store::Store& store, const LocalOptions& options)
      : store_(store), query_(store.folder()), options_(options) {}

  ~LocalExecutor() override {
    // An idle worker ends when its channel closes; a busy one would stop in the middle of a run.
    for (Worker& worker : workers_) {
      if (worker.run) worker.process.send_signal(SIGKILL);
      worker.process.close_channel();
    }
    for (Worker& worker : workers_) worker.process.wait();
  }

  int room() const override {
    const auto busy = std::count_if(workers_.begin(), workers_.end(),
                                    [](const Worker& worker) { return worker.run.has_value(); });
    return options_.jobs - static_cast<int>(busy);
  }

  void submit(const store::RunRecord& run) override {
    const std::size_t attempts = query_.attempts(run.id).size();
    const store::RunFolder folder(store_.folder(), run.identity);
    const store::ArtifactRecord log = folder.log(static_cast<int>(attempts) + 1);
    store_.add_artifact(run.id, log);
    const std::filesystem::path log_file =
        std::filesystem::absolute(store::artifact_file(store_.folder(), log.path));

    const std::string order = to_line(WorkerOrder{run.id, log_file});
    for (Worker& worker : workers_) {
      if (worker.run || !tell(worker, order)) continue;
      worker.run = run.id;
      return;
    }
    const std::size_t slot = free_slot();
    // Its own process group: Ctrl-C reaches only the parent, which sends SIGTERM to the workers.
    ProcessStart start;
    start.command = command(slot);
    start.program = options_.program;
    start.output = log_file;
    start.group = SignalGroup::own;
    start.has_channel = true;
    workers_.push_back({ChildProcess(start), slot, run.id, {}});
    tell(workers_.back(), order);
  }

  std::vector<RunExit> poll(std::chrono::milliseconds patience) override {
    wait_for_any(patience);
    std::vector<RunExit> exits;
    std::erase_if(workers_, [&](Worker& worker) { return listen(worker, exits); });
    return exits;
  }

  void ask_to_stop() override { signal_all(SIGTERM); }

  void kill() override { signal_all(SIGKILL); }

 private:
  static bool tell(const Worker& worker, const std::string& order) {
    return send(worker.process.channel(), order.data(), order.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(order.size());
  }

  /// Reads the answers of a worker, each the exit code of a run. Returns true if it has ended.
  static bool listen(Worker& worker, std::vector<RunExit>& exits) {
    const std::int64_t pid = worker.process.pid();
    // Checked before the channel, so that the last answer is received. The channel alone does not
    // show the end: a process that the worker has started may hold it open.
    const std::optional<ProcessEnd> end = worker.process.poll();
    std::array<char, 64> part{};
    ssize_t length = 0;
    while ((length = recv(worker.process.channel(), part.data(), part.size(), MSG_DONTWAIT)) > 0) {
      worker.received.append(part.data(), static_cast<std::size_t>(length));
    }
    const bool is_gone = end || length == 0 || errno == ECONNRESET;
    if (const auto answer = worker.run ? take_answer(worker.received) : std::nullopt) {
      exits.push_back({*worker.run, *answer, 0, pid});
      worker.run.reset();
    }
    if (!is_gone) return false;
    const ProcessEnd how = worker.process.wait();
    if (worker.run) exits.push_back({*worker.run, how.exit_code, how.signal, pid});
    return true;
  }

  /// The lowest free index.
  std::size_t free_slot() const {
    for (std::size_t slot = 0;; ++slot) {
      if (std::ranges::find(workers_, slot, &Worker::slot) == workers_.end()) return slot;
    }
  }

  std::vector<std::string> command(std::size_t slot) const {
    std::vector<std::string> command{"epochal",
                                     "worker",
                                     "--serve",
                                     "--store",
                                     std::filesystem::absolute(store_.folder()).string(),
                                     "--work",
                                     to_text(options_.work),
                                     "--parent",
                                     std::to_string(getpid())};
    if (!options_.gpus.empty()) {
      command.insert(command.end(), {"--gpu", options_.gpus[slot % options_.gpus.size()]});
    }
    return command;
  }

  void signal_all(int number) const {
    for (const Worker& worker : workers_) worker.process.send_signal(number);
  }

  void wait_for_any(std::chrono::milliseconds patience) const {
    std::vector<pollfd> waits;
    for (const Worker& worker : workers_) waits.push_back({worker.process.channel(), POLLIN, 0});
    ::poll(waits.data(), waits.size(), static_cast<int>(patience.count()));
  }

  store::Store& store_;
  store::Query query_;
  LocalOptions options_;
  std::vector<Worker> workers_;
};

}  // namespace

std::unique_ptr<Executor> make_local_executor(store::Store& store, const LocalOptions& options) {
  return std::make_unique<LocalExecutor>(store, options);
}

}  // namespace epochal
