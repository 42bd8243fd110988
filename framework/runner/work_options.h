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

/// A time of the monotonic clock, which all processes of a machine share.
using Deadline = std::chrono::steady_clock::time_point;

/// What decides whether a run goes on after an epoch.
struct Stopping {
  StopRules rules;
  std::int64_t sweep = 0;  ///< the sweep with whose other runs it is compared
};

/// How a process works on a run.
struct WorkOptions {
  int threads = 1;
  Bytes memory = 0;  ///< of the host that the run may use; 0 if unknown
  KeepCheckpoints keep_checkpoints = KeepCheckpoints::last_and_best;
  std::optional<Deadline> deadline;  ///< no epoch goes on after it
  std::optional<Stopping> stopping;
  std::filesystem::path provenance;  ///< file of ProvenanceFile; empty if nothing is known
  /// File with the only program that the runs may start (see write_command); empty if they start
  /// none. A program that only a record names is never started: it may come from a stranger.
  std::filesystem::path command;
  std::function<bool()> stop_requested = [] { return false; };
  /// Receives a line that a program of the run has printed. The default writes it into the log.
  std::function<void(std::string_view)> output;
  /// The same for its standard error, if that is separate.
  std::function<void(std::string_view)> errors;
};

/// The options for a worker or a Slurm task: "threads=2;memory=0;…", which work_options() reads.
/// Functions are left out.
std::string to_text(const WorkOptions& options);

/// Throws Error for anything that to_text() did not write.
WorkOptions work_options(std::string_view text);

}  // namespace epochal
