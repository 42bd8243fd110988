#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "db/records.h"
#include "framework/app/options.h"

namespace epochal::app {

/// How many runs of a sweep ended in which way.
struct SweepResult {
  std::size_t finished = 0;
  std::size_t stopped = 0;
  std::size_t failed = 0;
  std::size_t left = 0;
  std::size_t removed = 0;
};

/// What hooks are told about a sweep that is over.
struct SweepEnd {
  std::string sweep;           ///< its name; empty: nothing was begun, and no hook is told
  std::filesystem::path file;  ///< of the sweep; empty for a tracked program
  std::filesystem::path store;
  std::vector<store::RunId> runs;
  SweepResult result;
  int exit_code = 0;
  std::string error;  ///< what ended the command itself; empty: nothing did
};

/// Declares --on-finish and --on-failure.
void add_finish_hooks(Options& options);

/// Runs `action`, which fills in what it did and returns the exit code, then the programs of the
/// options: --on-failure if a run or the command failed, and --on-finish. Each gets the facts as
/// JSON on its standard input and as variables EPOCHAL_*, without a shell. One that fails or takes
/// more than a minute is a line on standard error. What `action` throws is thrown again. Throws
/// Error if the words of an option cannot be read.
int with_finish_hooks(const Options& options, const std::function<int(SweepEnd&)>& action);

}  // namespace epochal::app
