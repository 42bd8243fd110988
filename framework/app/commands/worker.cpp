// `epochal worker`: one run in this process. What the local executor starts; not for users.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "framework/app/commands/command.h"
#include "framework/app/options.h"
#include "framework/base/parsed_number.h"
#include "framework/executor/executor.h"
#include "framework/executor/worker_channel.h"
#include "framework/runner/known_experiment.h"
#include "framework/runner/worker.h"
#include "framework/system/child_process.h"
#include "framework/system/stop_signal.h"

namespace epochal::app {
namespace {

/// The process that started this worker waits for it. If that process dies, the run stops as on
/// Ctrl-C and can be resumed.
void stop_with_parent(int parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) std::raise(SIGTERM);  // it died before prctl took hold
}

int exit_code(WorkEnd end) {
  switch (end) {
    case WorkEnd::finished:
    case WorkEnd::stopped:
      return kAllGood;
    case WorkEnd::not_ours:
      return RunExit::kNotOurs;
    case WorkEnd::failed:
      return kSomeRunsFailed;
    case WorkEnd::interrupted:
      static_assert(kWorkLeft == RunExit::kStoppedEarly);
      return kWorkLeft;
  }
  return kInternalError;
}

/// Sends what this process prints to a file.
void print_to(const std::string& file) {
  std::fflush(stdout);
  std::fflush(stderr);
  const int log = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (log < 0) throw Error("the log cannot be written", file, "see that the store is writable");
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  close(log);
}

/// Does the runs that the local executor sends over the channel and answers each with its exit
/// code, until the channel closes or a signal asks it to stop.
int serve(store::Store& store, PluginRegistry& registry, const WorkOptions& options) {
  // Processes that an experiment starts must not keep the channel open.
  fcntl(ChildProcess::kChannel, F_SETFD, FD_CLOEXEC);
  std::FILE* orders = fdopen(ChildProcess::kChannel, "r");
  if (orders == nullptr) throw Error("only `epochal run` can use --serve");
  const store::Query query(store.folder());
  std::array<char, 8192> line{};
  while (stop_signal::count() == 0 && std::fgets(line.data(), line.size(), orders) != nullptr) {
    std::string said(line.data());
    if (!said.ends_with('\n')) throw Error("the order has no end of line");
    said.pop_back();
    const WorkerOrder order = worker_order(said);
    print_to(order.log);
    const int code = exit_code(work(store, query, registry, order.run, options));
    const std::string answer = fmt::format("{}\n", code);
    // If the executor is gone, no further order comes.
    send(ChildProcess::kChannel, answer.data(), answer.size(), MSG_NOSIGNAL);
  }
  return kAllGood;
}

/// Call this before loading any plugin: CUDA reads its environment once. By default GPUs get the
/// driver's numbers, while CUDA itself would count the fastest first.
void show_cuda_only(const std::string& gpu) {
  if (std::getenv("CUDA_VISIBLE_DEVICES") == nullptr) setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", 0);
  setenv("CUDA_VISIBLE_DEVICES", gpu.c_str(), 1);
}

}  // namespace

int command_worker(const Arguments& arguments) {
  constexpr int kLargest = 2'147'483'647;
  Options options("worker NUMBER|--serve", "Does queued runs. Started by `epochal run`.");
  options.store()
      .flag("serve", "do the runs that arrive on the channel")
      .value("work", "OPTIONS", "how to work on runs, as `epochal run` writes it")
      .value("gpu", "NAME", "the only GPU to use, as CUDA_VISIBLE_DEVICES names it")
      .value("parent", "PID", "stop when this process is gone");
  if (!options.parse(arguments)) return kAllGood;

  stop_signal::install();
  if (options.has("parent")) stop_with_parent(options.integer("parent", 0, 1, kLargest));
  if (options.has("gpu")) show_cuda_only(options.text("gpu"));
  store::Store store(options.store_folder());
  PluginRegistry registry = PluginRegistry::from_environment();
  WorkOptions how = work_options(options.text("work", ""));
  how.stop_requested = [] { return stop_signal::count() > 0; };
  add_command_of(registry, how.command);
  if (options.has("serve")) return serve(store, registry, how);
  const auto number = parsed_number<std::int64_t>(options.only_positional("the run's number"));
  if (!number) throw Error("the run's number is not a number");
  return exit_code(work(store, store::Query(store.folder()), registry, store::RunId{*number}, how));
}

}  // namespace epochal::app
