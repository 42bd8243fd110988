#pragma once

#include <filesystem>
#include <memory>

#include "db/store.h"
#include "framework/executor/executor.h"
#include "framework/runner/worker.h"

namespace epochal {

struct LocalOptions {
  int jobs = 1;  ///< worker processes at a time
  /// Of each. Its stop_requested is not read: a worker stops when it is sent SIGTERM.
  WorkOptions work;
};

/// Runs each run in a process of its own, `epochal worker RUN`, so that a crash costs one run. The
/// output of each goes to a log file among the run's artifacts.
std::unique_ptr<Executor> make_local_executor(Store& store, const LocalOptions& options);

}  // namespace epochal
