#pragma once

#include "db/query.h"
#include "db/store.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/runner/work_options.h"

namespace epochal {

/// Kinds of the events that say why a run stopped without being asked to.
constexpr char kKilledEvent[] = "killed";
constexpr char kBudgetEvent[] = "budget";
constexpr char kDiskFullEvent[] = "disk full";
constexpr char kRuleEvent[] = "stopped";

/// How an attempt at a run ended.
enum class WorkEnd {
  finished,
  stopped,      ///< by a rule of its sweep
  failed,       ///< with its error in the store
  interrupted,  ///< resumable
  not_ours,  ///< another process has the run, now or since it took it over, or it is done or gone
};

/// Does one run in this process: claim, prepare, restore the last sound checkpoint, then epoch by
/// epoch until it has all or is asked to stop. Whatever the experiment throws ends up in the store.
/// `query` reads the same store.
WorkEnd work(Store& store, const Query& query, PluginRegistry& registry, RunId run,
             const WorkOptions& options);

}  // namespace epochal
