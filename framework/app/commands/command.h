#pragma once

#include <string>
#include <vector>

#include "framework/app/exit_code.h"
#include "framework/app/options.h"

namespace epochal::app {

/// One command of the program. Its help, its completion and its part of the manual all come from
/// what is declared here.
struct Command {
  std::string summary;  ///< one line for `epochal --help`
  Options options;      ///< usage, description and options
  int (*run)(const Options& options);

  const std::string& usage() const { return options.usage(); }
  std::string name() const { return usage().substr(0, usage().find(' ')); }
};

/// Commands that belong together in `epochal --help`.
struct CommandGroup {
  std::string heading;
  std::vector<Command> commands;
};

Command ask_command();
Command best_command();
Command compare_command();
Command completion_command();
Command diff_command();
Command doctor_command();
Command du_command();
Command experiments_command();
Command export_command();
Command forecast_command();
Command gc_command();
Command import_command();
Command log_command();
Command ls_command();
Command man_command();
Command merge_command();
Command note_command();
Command open_command();
Command report_command();
Command reproduce_command();
Command rm_command();
Command run_command();
Command show_command();
Command sql_command();
Command tag_command();
Command tell_command();
Command track_command();
Command ui_command();
Command watch_command();

/// Not listed in --help: what the executor starts for each run.
int command_worker(const Arguments& arguments);

/// Not listed in --help: what the completion of shells asks for.
int command_words(const Arguments& arguments);

/// Not listed in --help: what a task of a Slurm job array runs.
int command_slurm_task(const Arguments& arguments);

/// Not listed in --help: what `epochal forecast` starts for each kind of run.
int command_measure(const Arguments& arguments);

/// `epochal EXPERIMENT VERB …`: a command that a plugin brings.
int command_verb(const std::string& experiment, const Arguments& arguments);

/// All commands, in the order of --help.
std::vector<CommandGroup> command_groups();

/// The text of `epochal --help`.
std::string help_text();

}  // namespace epochal::app
