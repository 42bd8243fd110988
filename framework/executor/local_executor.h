#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "db/store.h"
#include "framework/executor/executor.h"
#include "framework/runner/worker.h"

namespace epochal {

struct LocalOptions {
  int jobs = 1;  ///< worker processes at a time
  /// GPUs that the workers share out, as CUDA_VISIBLE_DEVICES names them; each worker sees one.
  std::vector<std::string> gpus;
  /// Of each. Its stop_requested is not read: a worker stops when it is sent SIGTERM.
  WorkOptions work;
};

/// Runs the runs in worker processes, `epochal worker --serve`, each of which does one run at a
/// time, so that a crash costs one run, and several in turn, so that the libraries' start is paid
/// once. The output of each run goes to a log file among its artifacts.
std::unique_ptr<Executor> make_local_executor(Store& store, const LocalOptions& options);

}  // namespace epochal
