#pragma once

#include <functional>

#include "db/store.h"
#include "framework/plugin/plugin_registry.h"

namespace epochal {

/// How an attempt at a run ended.
enum class WorkEnd {
  finished,
  failed,       ///< with its error in the store
  interrupted,  ///< resumable
  not_claimed,  ///< somebody else has the run, or it is done
};

struct WorkOptions {
  int threads = 1;
  std::function<bool()> stop_requested = [] { return false; };
};

/// Does one run in this process: claim, prepare, restore the last sound checkpoint, then epoch by
/// epoch until it has all or is asked to stop. Whatever the experiment throws ends up in the store.
WorkEnd work(Store& store, PluginRegistry& registry, RunId run, const WorkOptions& options);

}  // namespace epochal
