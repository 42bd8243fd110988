#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/app/exit_code.h"

namespace epochal {

using Arguments = std::vector<std::string>;

/// One command of the program. `run` gets the arguments behind the command's name.
struct Command {
  std::string_view name;
  std::string_view usage;    ///< "run SWEEP.toml [KEY=VALUE…]"
  std::string_view summary;  ///< one line for `epochal --help`
  int (*run)(const Arguments& arguments);
};

int command_doctor(const Arguments& arguments);
int command_experiments(const Arguments& arguments);
int command_forecast(const Arguments& arguments);
int command_ls(const Arguments& arguments);
int command_merge(const Arguments& arguments);
int command_report(const Arguments& arguments);
int command_reproduce(const Arguments& arguments);
int command_run(const Arguments& arguments);
int command_show(const Arguments& arguments);

int command_watch(const Arguments& arguments);

/// Not listed in --help: what the executor starts for each run.
int command_worker(const Arguments& arguments);

/// Not listed in --help: what a task of a Slurm job array runs.
int command_slurm_task(const Arguments& arguments);

/// Not listed in --help: what `epochal forecast` starts for each kind of run.
int command_measure(const Arguments& arguments);

/// `epochal EXPERIMENT VERB …`: a command that a plugin brings.
int command_verb(const std::string& experiment, const Arguments& arguments);

/// All commands of --help, in its order.
std::span<const Command> commands();

}  // namespace epochal
