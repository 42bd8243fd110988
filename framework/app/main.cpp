// Finds the command, runs it, and turns whatever it throws into one sentence and an exit code.

#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <new>

#include "code_version.h"
#include "db/connection.h"
#include "framework/app/command.h"
#include "framework/plugin/error.h"
#include "framework/plugin/nearest_name.h"
#include "framework/plugin/plugin_registry.h"

namespace epochal {
namespace {

constexpr std::array<Command, 10> kCommands{{
    {"run", "run SWEEP.toml [KEY=VALUE…]", "run what a sweep asks for and is not there yet",
     command_run},
    {"forecast", "forecast SWEEP.toml [KEY=VALUE…]",
     "measure a few steps: time and memory before they are spent", command_forecast},
    {"ls", "ls", "list the runs of a store", command_ls},
    {"watch", "watch [SWEEP]", "the progress of a sweep that runs elsewhere", command_watch},
    {"show", "show RUN", "one run: parameters, hardware, attempts, epochs, artifacts",
     command_show},
    {"report", "report SWEEP.toml [KEY=VALUE…] [-o DIR]", "write the report of a sweep",
     command_report},
    {"merge", "merge [STORE…]", "bring the runs of other stores into this one", command_merge},
    {"reproduce", "reproduce RUN", "run it again and say whether every epoch matches",
     command_reproduce},
    {"experiments", "experiments [show NAME]", "list the experiments, or one's parameters",
     command_experiments},
    {"doctor", "doctor", "check this machine, the plugins and the store", command_doctor},
}};

void print_help() {
  std::cout << "epochal " << kProgramVersion
            << ": runs sweeps of training experiments and keeps every epoch\n\n"
               "usage: epochal COMMAND [ARGUMENTS]\n\n";
  for (const Command& command : kCommands) {
    std::cout << fmt::format("  {:<44}{}\n", command.usage, command.summary);
  }
  std::cout << fmt::format("  {:<44}{}\n", "EXPERIMENT VERB …",
                           "a command of an experiment's own, such as `adain stylize`");
  std::cout << "\n`epochal COMMAND --help` says more. Exit codes: 0 all good, 1 some runs failed,\n"
               "2 wrong input, 3 stopped early with work left, 70 internal error.\n";
}

int unknown_command(const std::string& name) {
  std::vector<std::string> known;
  for (const Command& command : kCommands) known.emplace_back(command.name);
  throw Error(fmt::format("there is no command '{}'", name.substr(0, 80)), {},
              name_hint(name, known) + "; see `epochal --help`");
}

int run_program(const Arguments& arguments) {
  const bool wants_help = arguments.empty() || arguments.front() == "--help" ||
                          arguments.front() == "-h" || arguments.front() == "help";
  if (wants_help) {
    print_help();
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
  if (name == "measure") return command_measure(rest);
  const auto* command = std::find_if(kCommands.begin(), kCommands.end(),
                                     [&](const Command& c) { return c.name == name; });
  if (command != kCommands.end()) return command->run(rest);
  if (PluginRegistry::from_environment().contains(name)) return command_verb(name, rest);
  return unknown_command(name);
}

void complain(const std::string& message) {
  fmt::print(stderr, "epochal: {}\n", message);
}

int guarded(const Arguments& arguments) {
  try {
    const int code = run_program(arguments);
    std::cout.flush();
    if (!std::cout) throw Error("the output cannot be written", {}, "check the disk or the pipe");
    return code;
  } catch (const Error& error) {
    complain(error.what());
    return kWrongInput;
  } catch (const SQLite::Exception& exception) {
    complain(explain(exception).what());
    if (is_disk_full(exception)) return kWorkLeft;
    return is_users(exception) ? kWrongInput : kInternalError;
  } catch (const std::bad_alloc&) {
    complain("out of memory; close other programs or use a smaller sweep");
    return kInternalError;
  } catch (const std::exception& error) {
    complain(
        fmt::format("internal error: {}; please report it with the command line", error.what()));
    return kInternalError;
  }
}

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace epochal

int main(int argc, char** argv) {
  return epochal::guarded(epochal::Arguments(argv + (argc > 0 ? 1 : 0), argv + argc));
}
