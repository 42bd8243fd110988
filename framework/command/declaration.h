#pragma once

// What a sweep file's [command] table declares, as a value, and as JSON for the store.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/metric.h"
#include "framework/base/quantities.h"
#include "framework/plugin/parameter.h"

namespace epochal {

/// A metric of a command.
struct CommandMetric {
  MetricSpec spec;
  /// Regular expression (RE2) over a line of the program's output with the group `value`, and
  /// perhaps `epoch`; empty for a metric that the program says in lines of its own.
  std::string pattern;
};

/// A program that trains something, and what is known of it.
struct CommandDeclaration {
  std::string name;              ///< "train": its runs are recorded under "command:train"
  std::vector<std::string> run;  ///< the program and its arguments, with {placeholders}
  bool shell = false;            ///< `run` is one line for /bin/sh
  /// Files and folders, as the sweep file names them; none where it does not say.
  std::optional<std::vector<std::string>> inputs;
  std::filesystem::path folder;  ///< of the sweep file, absolute: the program runs there
  std::vector<ParameterSpec> parameters;
  std::vector<CommandMetric> metrics;
  std::string objective;           ///< one of the metrics; empty if there is none
  Epoch first_epoch = 1;           ///< the number that the program gives its first epoch: 0 or 1
  bool is_tracked = false;         ///< it has the epochs that it says: nobody knows how many before
  std::chrono::seconds grace{10};  ///< between asking the program to end and killing it
};

/// The experiment under which runs of a command are recorded: "command:train".
std::string experiment_name(const CommandDeclaration& command);

/// Whether an experiment's name is that of a command.
bool is_command(std::string_view experiment);

/// The files and folders whose contents are part of a run's identity: those that the sweep file
/// names, or else the words of the command that are files beside it.
std::vector<std::string> inputs_of(const CommandDeclaration& command);

/// Whether the number of epochs is a word of the command: then the program may do each of them
/// otherwise, and another length is another run.
bool is_told_its_length(const CommandDeclaration& command);

std::string to_json(const CommandDeclaration& command);

/// Throws Error for a text that to_json did not write: it may come from a stranger's store.
CommandDeclaration command_from_json(const std::string& json);

/// A hash of all that decides what the program does and what is read of it, apart from where it
/// lies and what its inputs hold: it changes when the table does.
std::string build_of(const CommandDeclaration& command);

}  // namespace epochal
