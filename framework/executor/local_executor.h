#pragma once

#include <filesystem>
#include <memory>

#include "db/store.h"
#include "framework/executor/executor.h"

namespace epochal {

struct LocalOptions {
  int jobs = 1;     ///< worker processes at a time
  int threads = 1;  ///< CPU threads of each
};

/// Runs each run in a process of its own, `epochal worker RUN`, so that a crash costs one run. The
/// output of each goes to a log file among the run's artifacts.
std::unique_ptr<Executor> make_local_executor(Store& store, const LocalOptions& options);

}  // namespace epochal
