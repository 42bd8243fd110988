#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "framework/base/quantities.h"
#include "framework/sweep/keep_checkpoints.h"
#include "framework/sweep/stop_rules.h"

namespace epochal {

/// A point of the clock that nobody sets, which all processes of a machine share.
using Deadline = std::chrono::steady_clock::time_point;

/// What decides whether a run goes on after an epoch.
struct Stopping {
  StopRules rules;
  std::int64_t sweep = 0;  ///< whose other runs it is compared with
};

/// How a process works on a run.
struct WorkOptions {
  int threads = 1;
  Bytes memory = 0;  ///< of the host that the run may use; 0 where that is not known
  KeepCheckpoints keep_checkpoints = KeepCheckpoints::last_and_best;
  std::optional<Deadline> deadline;  ///< no epoch goes on beyond it
  std::optional<Stopping> stopping;
  std::filesystem::path provenance;  ///< file of ProvenanceFile; empty where nothing is known
  /// File with the one program that the runs may start (see write_command); empty where they start
  /// none. A record names a program too, which may be a stranger's: it is never started for that.
  std::filesystem::path command;
  std::function<bool()> stop_requested = [] { return false; };
  /// Takes a line that a program of the run has printed: into the log, where nobody says otherwise.
  std::function<void(std::string_view)> output;
  /// The same for its standard error, where that is kept apart.
  std::function<void(std::string_view)> errors;
};

/// For handing the options to a worker or a Slurm task: "threads=2;memory=0;…", which
/// work_options() reads again. Functions do not go along.
std::string to_text(const WorkOptions& options);

/// Throws Error for what to_text() did not write.
WorkOptions work_options(std::string_view text);

}  // namespace epochal
