// All commands in the order in which help, completion and the manual show them.

#include <fmt/format.h>

#include "framework/app/code_version.h"
#include "framework/app/commands/command.h"

namespace epochal::app {
namespace {

CommandGroup group_of(std::string heading, std::initializer_list<Command (*)()> makers) {
  CommandGroup group{std::move(heading), {}};
  for (const auto make : makers) group.commands.push_back(make());
  return group;
}

}  // namespace

std::vector<CommandGroup> command_groups() {
  return {group_of("run", {run_command, track_command, ask_command, tell_command, forecast_command,
                           watch_command, reproduce_command}),
          group_of("look at runs",
                   {ls_command, show_command, compare_command, diff_command, best_command,
                    ui_command, report_command, log_command, open_command, sql_command}),
          group_of("tidy up", {tag_command, note_command, rm_command, gc_command, du_command}),
          group_of("import and export", {merge_command, export_command, import_command}),
          group_of("the program itself",
                   {experiments_command, doctor_command, completion_command, man_command})};
}

std::string help_text() {
  std::string text = fmt::format(
      "epochal {}: runs sweeps of training experiments and keeps every epoch\n\n"
      "usage: epochal COMMAND [ARGUMENTS]\n",
      kProgramVersion);
  for (const CommandGroup& group : command_groups()) {
    text += fmt::format("\n{}\n", group.heading);
    for (const Command& command : group.commands) {
      text += fmt::format("  {:<13}{}\n", command.name(), command.summary);
    }
  }
  text +=
      "\n`epochal COMMAND --help` explains a command. `epochal EXPERIMENT` lists the commands of\n"
      "an experiment, such as `adain stylize`.\n"
      "\nRUN is the first digits of a run's identity, which `epochal ls` shows, such as 3f9c2a;\n"
      "or @last, the run with the newest attempt; @best, the best finished run of the newest\n"
      "sweep; SWEEP:3, the third run of a sweep.\n"
      "\nExit codes: 0 all good, 1 some runs failed, 2 wrong input, 3 stopped early with work\n"
      "left, 70 internal error.\n";
  return text;
}

}  // namespace epochal::app
