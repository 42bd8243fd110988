#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "db/store.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/sweep/keep_checkpoints.h"
#include "framework/sweep/stop_rules.h"

namespace epochal {

/// Kinds of the events that say why a run stopped without being asked to.
constexpr char kKilledEvent[] = "killed";
constexpr char kBudgetEvent[] = "budget";
constexpr char kDiskFullEvent[] = "disk full";
constexpr char kRuleEvent[] = "stopped";

/// A point of the clock that nobody sets, which all processes of a machine share.
using Deadline = std::chrono::steady_clock::time_point;

/// How an attempt at a run ended.
enum class WorkEnd {
  finished,
  stopped,      ///< by a rule of its sweep
  failed,       ///< with its error in the store
  interrupted,  ///< resumable
  not_ours,  ///< another process has the run, now or since it took it over, or it is done or gone
};

/// What decides whether a run goes on after an epoch.
struct Stopping {
  StopRules rules;
  std::int64_t sweep = 0;  ///< whose other runs it is compared with
};

struct WorkOptions {
  int threads = 1;
  Bytes memory = 0;  ///< of the host that the run may use; 0 where that is not known
  KeepCheckpoints keep_checkpoints = KeepCheckpoints::last_and_best;
  std::optional<Deadline> deadline;  ///< no epoch goes on beyond it
  std::optional<Stopping> stopping;
  std::filesystem::path provenance;  ///< file of ProvenanceFile; empty where nothing is known
  std::function<bool()> stop_requested = [] { return false; };
  /// Takes a line that a program of the run has printed: into the log, where nobody says otherwise.
  std::function<void(std::string_view)> output;
};

/// Does one run in this process: claim, prepare, restore the last sound checkpoint, then epoch by
/// epoch until it has all or is asked to stop. Whatever the experiment throws ends up in the store.
WorkEnd work(Store& store, PluginRegistry& registry, RunId run, const WorkOptions& options);

}  // namespace epochal
