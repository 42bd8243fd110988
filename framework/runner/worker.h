#pragma once

#include <functional>
#include <optional>

#include "db/store.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/sweep/keep_checkpoints.h"

namespace epochal {

/// Kinds of the events that say why a run stopped without being asked to.
constexpr char kKilledEvent[] = "killed";
constexpr char kBudgetEvent[] = "budget";
constexpr char kDiskFullEvent[] = "disk full";

/// How an attempt at a run ended.
enum class WorkEnd {
  finished,
  failed,       ///< with its error in the store
  interrupted,  ///< resumable
  not_claimed,  ///< somebody else has the run, or it is done
};

struct WorkOptions {
  int threads = 1;
  Bytes memory = 0;  ///< of the host that the run may use; 0 where that is not known
  KeepCheckpoints keep_checkpoints = KeepCheckpoints::last_and_best;
  std::optional<Timestamp> deadline;  ///< no epoch goes on beyond it
  std::function<bool()> stop_requested = [] { return false; };
};

/// Does one run in this process: claim, prepare, restore the last sound checkpoint, then epoch by
/// epoch until it has all or is asked to stop. Whatever the experiment throws ends up in the store.
WorkEnd work(Store& store, PluginRegistry& registry, RunId run, const WorkOptions& options);

}  // namespace epochal
