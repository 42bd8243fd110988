// `epochal completion` and `epochal man`: what follows from the table of commands.

#include <fmt/format.h>

#include <iostream>

#include "framework/app/code_version.h"
#include "framework/app/commands/command.h"
#include "framework/app/shell_completion.h"
#include "framework/base/error.h"
#include "framework/base/nearest_name.h"

namespace epochal::app {
namespace {

int print_completion(const Options& options) {
  const std::string& shell = options.only_positional("the shell");
  if (shell == "bash") {
    std::cout << bash_completion(command_groups());
  } else if (shell == "zsh") {
    std::cout << zsh_completion(command_groups());
  } else {
    const std::vector<std::string> known{"bash", "zsh"};
    throw Error(fmt::format("there is no completion for '{}'", shell.substr(0, 40)), {},
                name_hint(shell, known));
  }
  return kAllGood;
}

int print_manual(const Options&) {
  std::cout << manual_page(command_groups(), kProgramVersion);
  return kAllGood;
}

}  // namespace

Command completion_command() {
  return {"print a completion script for bash or zsh",
          Options("completion bash|zsh",
                  "Prints a script that completes commands, options, runs and sweep files:\n"
                  "  eval \"$(epochal completion bash)\"     in ~/.bashrc\n"
                  "  eval \"$(epochal completion zsh)\"      in ~/.zshrc, after compinit"),
          print_completion};
}

Command man_command() {
  return {"print the manual page, in roff",
          Options("man", "Prints the manual page: epochal man | man -l -"), print_manual};
}

}  // namespace epochal::app
