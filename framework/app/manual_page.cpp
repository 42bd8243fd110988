// The manual page, made from the command table.

#include <fmt/format.h>

#include "framework/app/shell_completion.h"

namespace epochal::app {
namespace {

/// Escapes what roff would interpret: '\', and a leading '.' or '\''. A plain '-' would become a
/// hyphen.
std::string roff(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else if ((c == '.' || c == '\'') && (escaped.empty() || escaped.back() == '\n')) {
      escaped += std::string("\\&") + c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string option_text(const OptionDoc& option) {
  std::string text = ".TP\n\\fB";
  if (!option.letter.empty()) text += roff("-" + option.letter) + "\\fR, \\fB";
  text += roff("--" + option.name) + "\\fR";
  if (!option.value_name.empty()) text += " \\fI" + roff(option.value_name) + "\\fR";
  return text + "\n" + roff(option.doc) + "\n";
}

std::string command_text(const Command& command) {
  std::string text = fmt::format(".SS \"{}\"\n.nf\n{}\n.fi\n", roff("epochal " + command.usage()),
                                 roff(command.options.about()));
  for (const OptionDoc& option : command.options.docs()) {
    if (option.name != "help" && option.name != "store") text += option_text(option);
  }
  return text;
}

}  // namespace

std::string manual_page(const std::vector<CommandGroup>& groups, const std::string& version) {
  std::string text = fmt::format(
      ".TH EPOCHAL 1 \"\" \"epochal {}\" \"User Commands\"\n"
      ".SH NAME\nepochal \\- run sweeps of training experiments and keep every epoch\n"
      ".SH SYNOPSIS\n.B epochal\n.I COMMAND\n[\\fIARGUMENTS\\fR]\n"
      ".SH DESCRIPTION\n"
      "A TOML file declares a sweep: a set of runs of an experiment. epochal runs what its\n"
      "store does not have yet, records every epoch in SQLite, and writes comparisons and\n"
      "reports.\n",
      roff(version));
  for (const CommandGroup& group : groups) {
    text += fmt::format(".SH \"COMMANDS: {}\"\n", roff(group.heading));
    for (const Command& command : group.commands) text += command_text(command);
  }
  return text +
         ".SH OPTIONS\nEvery command has \\fB\\-\\-help\\fR. Those that open a store have:\n"
         ".TP\n\\fB\\-\\-store\\fR \\fIDIR\\fR\nthe store's folder (default: EPOCHAL_STORE, or\n"
         "\\&./epochal\\-store)\n"
         ".SH EXIT STATUS\n"
         ".TP\n0\nall good\n.TP\n1\nsome runs failed\n.TP\n2\nthe input is wrong\n"
         ".TP\n3\nstopped early with work left\n.TP\n70\ninternal error\n"
         ".SH ENVIRONMENT\n"
         ".TP\nEPOCHAL_STORE\nthe store's folder\n"
         ".TP\nEPOCHAL_PLUGIN_PATH\nfolders with experiments, separated by colons\n"
         ".TP\nNO_COLOR\nif it is set, the output has no colours\n"
         ".TP\nCOLUMNS\nthe width of tables\n"
         ".TP\nCUDA_VISIBLE_DEVICES\nthe GPUs that runs may use\n"
         ".TP\nOMP_NUM_THREADS\nthreads of a program that epochal runs (default: the cores\n"
         "that its run may use)\n";
}

}  // namespace epochal::app
