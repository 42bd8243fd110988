// The command table as completion scripts. Names of runs come from the store when the user asks.

#include "framework/app/shell_completion.h"

#include <fmt/format.h>

#include "db/exchange/run_exporter.h"

namespace epochal {
namespace {

/// What stands where a command wants a word that is no option.
enum class Words { none, run, sweep_file, file };

Words words_of(const Command& command) {
  const std::string& usage = command.usage();
  if (usage.find("SWEEP.toml") != std::string::npos) return Words::sweep_file;
  if (usage.find(" RUN") != std::string::npos) return Words::run;
  if (usage.find("PATH") != std::string::npos || usage.find("DIR") != std::string::npos ||
      usage.find("STORE") != std::string::npos) {
    return Words::file;
  }
  return Words::none;
}

bool wants_file(const OptionDoc& option) {
  return option.value_name == "DIR" || option.value_name == "FILE";
}

/// Choices of an option that its description lists: "table (default), csv or json".
std::vector<std::string> choices_of(const OptionDoc& option) {
  if (option.name == "format") return {"table", "csv", "json", "ndjson"};
  if (option.name == "to") {
    std::vector<std::string> names;
    for (const ExportFormat& format : export_formats()) names.emplace_back(format.name);
    return names;
  }
  if (option.name == "from") return {"csv", "mlflow"};
  if (option.name == "executor") return {"local", "slurm", "inline"};
  return {};
}

constexpr std::string_view kListRuns =
    "epochal ls --each --columns run --format csv 2>/dev/null | tail -n +2";

std::string in_single_quotes(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

/// For zsh's _arguments, where brackets and colons have a meaning.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string bash_words(Words words) {
  switch (words) {
    case Words::run:
      return fmt::format("COMPREPLY=($(compgen -W \"$({})\" -- \"$word\"))", kListRuns);
    case Words::sweep_file:
      return "_epochal_files '@(*.toml)'";
    case Words::file:
      return "COMPREPLY=($(compgen -f -- \"$word\"))";
    case Words::none:
      return ":";
  }
  return ":";
}

std::string zsh_words(Words words) {
  switch (words) {
    case Words::run:
      return "'*:run:_epochal_runs'";
    case Words::sweep_file:
      return "'*:sweep:_files -g \"*.toml\"'";
    case Words::file:
      return "'*:file:_files'";
    case Words::none:
      return "'*: :'";
  }
  return "";
}

}  // namespace

std::string bash_completion(const std::vector<CommandGroup>& groups) {
  std::string names;
  std::string cases;
  for (const CommandGroup& group : groups) {
    for (const Command& command : group.commands) {
      names += (names.empty() ? "" : " ") + command.name();
      std::string options;
      std::string values;
      for (const OptionDoc& option : command.options.docs()) {
        options += (options.empty() ? "--" : " --") + option.name;
        if (wants_file(option)) {
          values += fmt::format("        --{}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n",
                                option.name);
        } else if (const auto choices = choices_of(option); !choices.empty()) {
          values +=
              fmt::format("        --{}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n",
                          option.name, fmt::join(choices, " "));
        }
      }
      cases += fmt::format("    {})\n", command.name());
      if (!values.empty()) cases += "      case $before in\n" + values + "      esac\n";
      cases += fmt::format(
          "      case $word in\n"
          "        -*) COMPREPLY=($(compgen -W '{}' -- \"$word\")) ;;\n"
          "        *) {} ;;\n"
          "      esac ;;\n",
          options, bash_words(words_of(command)));
    }
  }
  return fmt::format(R"bash(# Completion of epochal for bash, made by `epochal completion bash`.
_epochal_files() {{
  local word=${{COMP_WORDS[COMP_CWORD]}}
  local restore
  restore=$(shopt -p extglob)
  shopt -s extglob
  COMPREPLY=($(compgen -f -X "!$1" -- "$word") $(compgen -d -- "$word"))
  eval "$restore"
}}
_epochal() {{
  local word=${{COMP_WORDS[COMP_CWORD]}}
  local before=${{COMP_WORDS[COMP_CWORD-1]}}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '{}' -- "$word"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
}}
complete -o filenames -F _epochal epochal
)bash",
                     names, cases);
}

std::string zsh_completion(const std::vector<CommandGroup>& groups) {
  std::string commands;
  std::string cases;
  for (const CommandGroup& group : groups) {
    for (const Command& command : group.commands) {
      commands += fmt::format("    {}\n",
                              in_single_quotes(command.name() + ":" + zsh_text(command.summary)));
      cases += fmt::format("    {})\n      _arguments \\\n", command.name());
      for (const OptionDoc& option : command.options.docs()) {
        std::string spec = fmt::format("--{}[{}]", option.name, zsh_text(option.doc));
        if (!option.value_name.empty()) {
          const auto choices = choices_of(option);
          const std::string action = wants_file(option) ? "_files"
                                     : choices.empty()
                                         ? " "
                                         : fmt::format("({})", fmt::join(choices, " "));
          spec += fmt::format(":{}:{}", zsh_text(option.value_name), action);
        }
        cases += "        " + in_single_quotes(spec) + " \\\n";
      }
      cases += fmt::format("        {} ;;\n", zsh_words(words_of(command)));
    }
  }
  return fmt::format(R"zsh(#compdef epochal
# Completion of epochal for zsh, made by `epochal completion zsh`.
_epochal_runs() {{
  local -a runs
  runs=(${{(f)"$({})"}})
  compadd -a runs
}}
_epochal() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
{}  esac
}}
if [ "$funcstack[1]" = _epochal ]; then
  _epochal "$@"
else
  compdef _epochal epochal
fi
)zsh",
                     kListRuns, commands, cases);
}

}  // namespace epochal
