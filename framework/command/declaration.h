#pragma once

// The declaration in a sweep file's [command] table, as a value and as JSON for the store.

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
  /// perhaps `epoch`; empty for a metric that the program reports in messages.
  std::string pattern;
};

/// A program that trains something, and what is known about it.
struct CommandDeclaration {
  std::string name;  ///< "train": its runs are recorded under "command:train"
  /// The program and its arguments, with {placeholders}; empty for a program that asks for its
  /// points itself (see `epochal ask`), which is never started.
  std::vector<std::string> run;
  bool shell = false;  ///< whether `run` is one line for /bin/sh
  /// Files and folders, as the sweep file names them; none if it names none.
  std::optional<std::vector<std::string>> inputs;
  std::filesystem::path folder;  ///< of the sweep file, absolute: the program runs there
  std::vector<ParameterSpec> parameters;
  std::vector<CommandMetric> metrics;
  std::string objective;    ///< one of the metrics; empty if there is none
  Epoch first_epoch = 1;    ///< the number that the program gives its first epoch: 0 or 1
  bool is_tracked = false;  ///< the program alone decides how many epochs it has
  /// Whether a tracked program gets the standard input of epochal, otherwise it is empty. Not part
  /// of the record.
  bool has_input = false;
  std::chrono::seconds grace{10};  ///< between asking the program to end and killing it
};

/// The experiment under which runs of a command are recorded: "command:train".
std::string experiment_name(const CommandDeclaration& command);

/// Whether an experiment's name is the name of a command.
bool is_command(std::string_view experiment);

/// The files and folders whose contents are part of a run's identity: those that the sweep file
/// names, or else the words of the command that are files next to the sweep file.
std::vector<std::string> inputs_of(const CommandDeclaration& command);

/// Whether the number of epochs is a word of the command: then the program may do each epoch
/// differently, so that another length is another run.
bool is_told_its_length(const CommandDeclaration& command);

std::string to_json(const CommandDeclaration& command);

/// Throws Error for a text that to_json did not write: the store may come from a stranger.
CommandDeclaration command_from_json(const std::string& json);

/// A hash of everything that decides what the program does and how its output is read, except its
/// folder and the contents of its inputs. It changes when the table does.
std::string build_of(const CommandDeclaration& command);

}  // namespace epochal
