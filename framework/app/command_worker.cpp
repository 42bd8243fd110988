// `epochal worker`: one run in this process. What the local executor starts; not for users.

#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <charconv>
#include <csignal>

#include "framework/app/command.h"
#include "framework/app/options.h"
#include "framework/executor/executor.h"
#include "framework/runner/stop_signal.h"
#include "framework/runner/worker.h"

namespace epochal {
namespace {

/// Whoever started this worker waits for it; should that process die, the run stops politely and
/// can go on later.
void stop_with_parent(int parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) std::raise(SIGTERM);  // it died before prctl took hold
}

template <typename Number>
Number number_of(const std::string& text, const char* name) {
  Number number{};
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{}) {
    throw Error(fmt::format("{} is not a number", name));
  }
  return number;
}

int exit_code(WorkEnd end) {
  switch (end) {
    case WorkEnd::finished:
    case WorkEnd::not_claimed:
      return kAllGood;
    case WorkEnd::failed:
      return kSomeRunsFailed;
    case WorkEnd::interrupted:
      static_assert(kWorkLeft == RunExit::kStoppedEarly);
      return kWorkLeft;
  }
  return kInternalError;
}

}  // namespace

int command_worker(const Arguments& arguments) {
  constexpr int kLargest = 2'147'483'647;
  Options options("worker NUMBER", "Does one queued run. Started by `epochal run`.");
  options.store()
      .value("threads", "N", "CPU threads to use")
      .value("memory", "BYTES", "memory of the host that it may use")
      .value("keep-checkpoints", "POLICY", "last, last and best, or all")
      .value("deadline", "TIME", "stop by then: seconds since 1970")
      .value("parent", "PID", "stop when this process is gone");
  if (!options.parse(arguments)) return kAllGood;

  stop_signal::install();
  if (options.has("parent")) stop_with_parent(options.integer("parent", 0, 1, kLargest));
  const std::string& number = options.only_positional("the run's number");
  const auto run = number_of<std::int64_t>(number, "the run's number");
  Store store(options.store_folder());
  PluginRegistry registry = PluginRegistry::from_environment();
  WorkOptions work_options;
  work_options.threads = options.integer("threads", 1, 1, 4096);
  work_options.memory = number_of<Bytes>(options.text("memory", "0"), "--memory");
  work_options.keep_checkpoints =
      keep_checkpoints(options.text("keep-checkpoints", "last and best"), "--keep-checkpoints");
  if (options.has("deadline")) {
    work_options.deadline = number_of<double>(options.text("deadline"), "--deadline");
  }
  work_options.stop_requested = [] { return stop_signal::count() > 0; };
  return exit_code(work(store, registry, RunId{run}, work_options));
}

}  // namespace epochal
