#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/store.h"
#include "framework/executor/executor.h"
#include "framework/runner/worker.h"

namespace epochal {

struct LocalOptions {
  int jobs = 1;  ///< worker processes at a time
  /// The GPUs for the workers, as CUDA_VISIBLE_DEVICES names them; each worker sees one.
  std::vector<std::string> gpus;
  /// The options of each worker. stop_requested is not used: a worker stops on SIGTERM.
  WorkOptions work;
  /// The program that has the command `worker`; this one by default.
  std::string program = "/proc/self/exe";
};

/// Does runs in worker processes, `epochal worker --serve`. A worker does one run at a time, so
/// that a crash costs one run, and several in turn, so that the libraries load only once. The
/// output of each run goes to a log file among its artifacts.
std::unique_ptr<Executor> make_local_executor(store::Store& store, const LocalOptions& options);

}  // namespace epochal
