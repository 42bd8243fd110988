#pragma once

#include <memory>

#include "framework/executor/executor.h"
#include "framework/runner/worker.h"

namespace epochal {

/// Runs each run in this process, one after the other: for debuggers, and for seeing an
/// experiment's output at once.
std::unique_ptr<Executor> make_inline_executor(Store& store, PluginRegistry& registry,
                                               const WorkOptions& options);

}  // namespace epochal
