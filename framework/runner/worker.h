#pragma once

#include "db/query.h"
#include "db/store.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/runner/work_options.h"

namespace epochal {

/// Kinds of the events that say why a run stopped by itself.
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
  not_ours,     ///< another process has or took over the run, or it is done or deleted
};

/// Does one run in this process: claims and prepares it, restores the last intact checkpoint, then
/// trains epoch by epoch until all are done or it is asked to stop. Records whatever the experiment
/// throws in the store. `query` reads the same store.
WorkEnd work(store::Store& store, const store::Query& query, PluginRegistry& registry,
             store::RunId run, const WorkOptions& options);

}  // namespace epochal
