#pragma once

#include <memory>

#include "framework/executor/executor.h"
#include "framework/runner/worker.h"

namespace epochal {

/// Does the runs in this process, one after the other: for debuggers, and to see an experiment's
/// output at once.
std::unique_ptr<Executor> make_inline_executor(store::Store& store, PluginRegistry& registry,
                                               const WorkOptions& options);

}  // namespace epochal
