// Finds the command, runs it, and turns whatever it throws into one sentence and an exit code.

#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "db/connection.h"
#include "framework/app/code_version.h"
#include "framework/app/commands/command.h"
#include "framework/app/failure.h"
#include "framework/base/disk_full.h"
#include "framework/base/message.h"
#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/system/file_system.h"
#include "framework/system/waiting_threads.h"

namespace epochal::app {
namespace {

int unknown_command(const std::string& name) {
  std::vector<std::string> known;
  for (const CommandGroup& group : command_groups()) {
    for (const Command& command : group.commands) known.push_back(command.name());
  }
  throw Error(fmt::format("there is no command '{}'", name.substr(0, 80)), {},
              name_hint(name, known) + "; see `epochal --help`");
}

/// SQLite does not say why a database cannot be opened.
int run_command(Command& command) {
  try {
    return command.run(command.options);
  } catch (const SQLite::Exception& exception) {
    const std::filesystem::path store = command.options.store_folder();
    const bool is_full = store::is_want_of_room(exception) ||
                         (store::may_be_want_of_room(exception) && !has_room(store));
    if (is_full) throw DiskFull(store);
    throw;
  }
}

int run_program(const Arguments& arguments) {
  if (arguments.size() > 1 && arguments.front() == "help") {
    Arguments asked(arguments.begin() + 1, arguments.end());
    asked.emplace_back("--help");
    return run_program(asked);
  }
  const bool wants_help = arguments.empty() || arguments.front() == "--help" ||
                          arguments.front() == "-h" || arguments.front() == "help";
  if (wants_help) {
    std::cout << help_text();
    return arguments.empty() ? kWrongInput : kAllGood;
  }
  const std::string& name = arguments.front();
  const Arguments rest(arguments.begin() + 1, arguments.end());
  if (name == "--version") {
    std::cout << "epochal " << kCodeVersion << '\n';
    return kAllGood;
  }
  if (name == "worker") return command_worker(rest);
  if (name == "slurm-task") return command_slurm_task(rest);
  if (name == "words") return command_words(rest);
  if (name == "measure") return command_measure(rest);
  for (CommandGroup& group : command_groups()) {
    for (Command& command : group.commands) {
      if (command.name() != name) continue;
      return command.options.parse(rest) ? run_command(command) : kAllGood;
    }
  }
  if (PluginRegistry::from_environment().contains(name)) return command_verb(name, rest);
  return unknown_command(name);
}

/// The stream does not keep the reason of a failure: writing another byte fails for the same one.
[[noreturn]] void throw_lost_output() {
  const bool fails = write(STDOUT_FILENO, "\n", 1) < 0;
  if (fails && is_want_of_room(std::error_code(errno, std::generic_category()))) {
    throw DiskFull("the output");
  }
  throw Error("the output cannot be written", {}, "check the disk or the pipe");
}

int guarded(const Arguments& arguments) {
  try {
    const int code = run_program(arguments);
    std::cout.flush();
    if (!std::cout) throw_lost_output();
    return code;
  } catch (const std::exception& exception) {
    const Failure failure = failure_of(exception);
    constexpr std::size_t kLongest = 4000;
    print_message("epochal: {}\n", printable(failure.message, kLongest));
    return failure.exit_code;
  }
}

}  // namespace

}  // namespace epochal::app

int main(int argc, char** argv) {
  std::signal(SIGCHLD, SIG_DFL);  // if it were ignored, waiting for a child would fail
  epochal::shorten_waiting();
  return epochal::app::guarded(epochal::app::Arguments(argv + (argc > 0 ? 1 : 0), argv + argc));
}
