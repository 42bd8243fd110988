// Completion scripts, made from the command table. The scripts call `epochal words` for names from
// a store or a plugin.

#include "framework/app/shell_completion.h"

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "framework/base/shell_words.h"

namespace epochal::app {
namespace {

/// How the positional arguments of a command are completed.
struct WordsOf {
  std::string_view bash;  ///< a command
  std::string_view zsh;   ///< arguments of _arguments
};

WordsOf words_of(const Command& command) {
  const auto takes = [&](const char* word) {
    return command.usage().find(word) != std::string::npos;
  };
  if (takes("SWEEP |")) return {"_epochal_sweeps sweeps", "'*:sweep: _epochal_sweeps sweeps'"};
  if (takes("SWEEP.toml")) return {"_epochal_sweeps", "'*:sweep: _epochal_sweeps'"};
  if (command.name() == "tag") {
    return {"if [ \"$COMP_CWORD\" -eq 2 ]; then _epochal_words tags; else _epochal_words runs; fi",
            "'1:tag: _epochal_words tags' '*:run: _epochal_words runs'"};
  }
  if (command.name() == "experiments") {
    return {"_epochal_add 'show'; _epochal_words experiments",
            "'1:show:(show)' '2:experiment: _epochal_words experiments'"};
  }
  if (takes(" RUN")) return {"_epochal_words runs", "'*:run: _epochal_words runs'"};
  if (takes("PATH") || takes("DIR") || takes("STORE")) {
    return {"COMPREPLY=($(compgen -f -- \"$word\"))", "'*:file:_files'"};
  }
  return {":", "'*: :'"};
}

bool wants_file(const OptionDoc& option) {
  return option.value_name == "DIR" || option.value_name == "FILE";
}

/// The formats that an option's doc names: "table (default), csv or json".
std::vector<std::string> formats_in(const std::string& doc) {
  std::vector<std::string> formats;
  std::istringstream words(doc);
  for (std::string word; words >> word;) {
    if (word == "or" || word.front() == '(') continue;
    if (word.back() == ',') word.pop_back();
    formats.push_back(word);
  }
  return formats;
}

std::vector<std::string> choices_of(const OptionDoc& option) {
  if (option.value_name == "FORMAT") return formats_in(option.doc);
  if (option.name == "executor") return {"local", "slurm", "inline"};
  return {};
}

/// The kind of `epochal words` that completes an option's value; empty if none.
std::string kind_of(const OptionDoc& option) {
  static const std::map<std::string, std::string> kKinds{
      {"where", "fields"},      {"sort", "fields"}, {"columns", "fields"}, {"metric", "metrics"},
      {"compare-by", "params"}, {"by", "params"},   {"sweep", "sweeps"},   {"take-over", "runs"}};
  const auto kind = kKinds.find(option.name);
  return kind == kKinds.end() ? "" : kind->second;
}

/// Escapes brackets and colons for zsh's _arguments.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// Names are matched one by one: compgen -W would let the shell expand them.
constexpr std::string_view kBashFunctions =
    R"bash(# Adds the words that begin like what is typed; of a list, behind its last comma.
_epochal_add() {
  local one list=
  [[ $word == *,* ]] && list=${word%,*},
  while IFS= read -r one; do
    [[ -n $one && $list$one == "$word"* ]] && COMPREPLY+=("$list$one")
  done <<< "$1"
}
_epochal_words() {
  local i store=()
  for ((i = 2; i < COMP_CWORD; ++i)); do
    [ "${COMP_WORDS[i]}" = --store ] && store=(--store "${COMP_WORDS[i+1]}")
  done
  _epochal_add "$(epochal words "$@" "${store[@]}" 2>/dev/null)"
}
_epochal_files() {
  local restore
  restore=$(shopt -p extglob)
  shopt -s extglob
  COMPREPLY=($(compgen -f -X "!$1" -- "$word") $(compgen -d -- "$word"))
  eval "$restore"
}
# A sweep file, or with $1 also a recorded sweep; after a file the keys that it lets you replace.
_epochal_sweeps() {
  local i
  for ((i = 2; i < COMP_CWORD; ++i)); do
    [[ ${COMP_WORDS[i]} == *.toml ]] || continue
    compopt +o filenames -o nospace 2>/dev/null
    _epochal_words overrides "${COMP_WORDS[i]}"
    return
  done
  _epochal_files '@(*.toml)'
  if [ -n "$1" ]; then _epochal_words "$1"; fi
}
)bash";

constexpr std::string_view kZshFunctions = R"zsh(_epochal_words() {
  local -a found store
  local i=${words[(I)--store]}
  (( i > 0 && i < CURRENT - 1 )) && store=(--store ${words[i+1]})
  found=(${(f)"$(epochal words $@ $store 2>/dev/null)"})
  if [[ $1 == overrides ]]; then
    compadd -S '' -a found
  elif [[ $1 == fields ]]; then
    compset -P '*,'
    compadd -a found
  else
    compadd -a found
  fi
}
_epochal_sweeps() {
  local file=${words[(r)*.toml]}
  if [[ -n $file && ${words[(i)*.toml]} -lt CURRENT ]]; then
    _epochal_words overrides $file
    return
  fi
  _files -g '*.toml'
  if [[ -n $1 ]]; then _epochal_words $1; fi
}
)zsh";

}  // namespace

std::string bash_completion(const std::vector<CommandGroup>& groups) {
  std::string names;
  std::string cases;
  for (const CommandGroup& group : groups) {
    for (const Command& command : group.commands) {
      names += (names.empty() ? "" : "\n") + command.name();
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
        } else if (const std::string kind = kind_of(option); !kind.empty()) {
          values += fmt::format("        --{}) _epochal_words {}; return ;;\n", option.name, kind);
        }
      }
      cases += fmt::format("    {})\n", command.name());
      if (!values.empty()) cases += "      case $before in\n" + values + "      esac\n";
      cases += fmt::format(
          "      case $word in\n"
          "        -*) COMPREPLY=($(compgen -W '{}' -- \"$word\")) ;;\n"
          "        *) {} ;;\n"
          "      esac ;;\n",
          options, words_of(command).bash);
    }
  }
  return fmt::format(R"bash(# Completion of epochal for bash, made by `epochal completion bash`.
{}_epochal() {{
  local word=${{COMP_WORDS[COMP_CWORD]}}
  local before=${{COMP_WORDS[COMP_CWORD-1]}}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _epochal_add '{}'
    _epochal_words experiments
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}    *)  # an experiment
      if [ "$COMP_CWORD" -eq 2 ]; then
        _epochal_words verbs "${{COMP_WORDS[1]}}"
      elif [ "$before" = --run ]; then
        _epochal_words runs
      else
        COMPREPLY=($(compgen -f -- "$word"))
      fi ;;
  esac
}}
complete -o filenames -F _epochal epochal
)bash",
                     kBashFunctions, names, cases);
}

std::string zsh_completion(const std::vector<CommandGroup>& groups) {
  std::string commands;
  std::string cases;
  for (const CommandGroup& group : groups) {
    for (const Command& command : group.commands) {
      commands +=
          fmt::format("    {}\n", shell_quoted(command.name() + ":" + zsh_text(command.summary)));
      cases += fmt::format("    {})\n      _arguments \\\n", command.name());
      for (const OptionDoc& option : command.options.docs()) {
        std::string spec = fmt::format("--{}[{}]", option.name, zsh_text(option.doc));
        if (!option.value_name.empty()) {
          const auto choices = choices_of(option);
          const std::string kind = kind_of(option);
          const std::string action = wants_file(option) ? "_files"
                                     : !kind.empty()    ? " _epochal_words " + kind
                                     : choices.empty()
                                         ? " "
                                         : fmt::format("({})", fmt::join(choices, " "));
          spec += fmt::format(":{}:{}", zsh_text(option.value_name), action);
        }
        cases += "        " + shell_quoted(spec) + " \\\n";
      }
      cases += fmt::format("        {} ;;\n", words_of(command).zsh);
    }
  }
  return fmt::format(R"zsh(#compdef epochal
# Completion of epochal for zsh, made by `epochal completion zsh`.
{}_epochal() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _epochal_words experiments
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
{}    *)  # an experiment
      if (( CURRENT == 2 )); then
        _epochal_words verbs $words[1]
      else
        _files
      fi ;;
  esac
}}
if [ "$funcstack[1]" = _epochal ]; then
  _epochal "$@"
else
  compdef _epochal epochal
fi
)zsh",
                     kZshFunctions, commands, cases);
}

}  // namespace epochal::app
