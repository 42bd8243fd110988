// `epochal track`: records one run of any program, without a sweep file.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "db/artifact_path.h"
#include "db/query.h"
#include "db/run_folder.h"
#include "db/scratch_folder.h"
#include "framework/app/commands/command.h"
#include "framework/app/finish_hooks.h"
#include "framework/app/sweep_arguments.h"
#include "framework/base/bounded_json.h"
#include "framework/base/message.h"
#include "framework/base/parsed_number.h"
#include "framework/base/printable.h"
#include "framework/base/sha256.h"
#include "framework/command/command_experiment.h"
#include "framework/command/command_name.h"
#include "framework/command/placeholders.h"
#include "framework/runner/known_experiment.h"
#include "framework/runner/provenance.h"
#include "framework/runner/worker.h"
#include "framework/sweep/expansion.h"
#include "framework/system/host.h"
#include "framework/system/memory.h"
#include "framework/system/process.h"
#include "framework/system/stop_signal.h"
#include "framework/system/whole_path.h"

namespace epochal::app {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kMostKeptOutput = 64 << 20;
/// The value as a sweep file would write it: true, 3, 0.5, or else a text.
ParameterValue value_of(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  if (const auto whole = parsed_number<std::int64_t>(text)) return *whole;
  const auto real = parsed_number<double>(text);
  return real && std::isfinite(*real) ? ParameterValue(*real) : ParameterValue(text);
}

ParameterSpec parameter(const std::string& name, const ParameterValue& value) {
  constexpr std::array kTypes{ParameterType::boolean, ParameterType::integer, ParameterType::real,
                              ParameterType::text};
  ParameterSpec spec;
  spec.name = name;
  spec.fallback = value;
  spec.type = kTypes[spec.fallback.index()];
  return spec;
}

/// A value as a client gives it. Throws Error if no parameter has such a value.
ParameterValue value_from_client(const nlohmann::json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_string()) return value.get<std::string>();
  if (const auto whole = whole_number_in(value)) return *whole;
  if (value.is_number()) return value.get<double>();
  throw Error("its value is neither true nor false, nor a number, nor a text");
}

/// Throws Error for a parameter that cannot be recorded.
ParameterSpec parameter_of_client(const std::string& name, const nlohmann::json& value) {
  if (!is_command_name(name) || name.starts_with('-')) {
    throw Error("its name is not 1 to 64 letters, digits, - and _, without - at the beginning");
  }
  const ParameterSpec spec = parameter(name, value_from_client(value));
  if (spec.type == ParameterType::text) {
    Schema({text_parameter(name, "", "")}).checked(name, spec.fallback, {});
  }
  return spec;
}

/// The parameters that a client gives, which knows their types. One that cannot be recorded is left
/// out with a message: the program trains all the same.
std::vector<ParameterSpec> parameters_of_client(const std::string& text) {
  const auto object = bounded_json(text);
  if (!object.is_object()) {
    throw Error("--parameters is not a JSON object", {}, R"(write {"learning_rate": 0.1})");
  }
  std::vector<ParameterSpec> parameters;
  for (const auto& [name, value] : object.items()) {
    try {
      parameters.push_back(parameter_of_client(name, value));
    } catch (const Error& error) {
      print_message("epochal: the parameter '{}' is not recorded: {}\n", printable(name, 80),
                    error.fault());
    }
  }
  return parameters;
}

/// Whether the standard input can be passed on. A program that reads from a terminal in the
/// background would be stopped.
bool has_input_to_pass() {
  return fcntl(STDIN_FILENO, F_GETFD) >= 0 && isatty(STDIN_FILENO) == 0;
}

/// "train" of `python3 train.py`, or else the program.
std::string name_of_script(const std::vector<std::string>& command) {
  const auto is_file = [](const std::string& word) {
    std::error_code error;
    return fs::is_regular_file(word, error);
  };
  const auto script = std::find_if(command.begin() + 1, command.end(), is_file);
  return command_name_for(script == command.end() ? command.front() : *script);
}

/// Words that name parameters, up to the command.
CommandDeclaration declaration(const Options& options) {
  const std::vector<std::string>& words = options.positional();
  CommandDeclaration command;
  if (options.has("parameters")) {
    command.parameters = parameters_of_client(options.text("parameters"));
  }
  command.has_input = options.has("stdin") && has_input_to_pass();
  command.is_tracked = true;
  command.inputs.emplace();
  command.folder = fs::current_path();
  auto word = words.begin();
  for (; word != words.end(); ++word) {
    const std::size_t equals = word->find('=');
    if (equals == std::string::npos || !is_command_name(word->substr(0, equals))) break;
    command.parameters.push_back(
        parameter(word->substr(0, equals), value_of(word->substr(equals + 1))));
  }
  for (; word != words.end(); ++word) command.run.push_back(with_doubled_braces(*word));
  if (command.run.empty()) {
    throw Error("no command was given", {}, "usage: epochal " + options.usage());
  }
  const std::string& first = command.run.front();
  if (first.find('=') != std::string::npos && !fs::exists(first)) {
    throw Error(fmt::format("'{}' is neither KEY=VALUE nor a program", printable(first, 80)), {},
                "give the parameter a name of letters, digits, - and _");
  }
  command.name =
      name_of_script({words.end() - static_cast<std::ptrdiff_t>(command.run.size()), words.end()});
  return command;
}

/// Each call gives a new identity: the inputs are not fingerprinted.
store::RunRecord new_run(const CommandDeclaration& command, const ExperimentInfo& info) {
  const ProcessIdentity here = this_process();
  RunSpec spec;
  spec.experiment = info.name;
  spec.experiment_version = info.version;
  spec.parameters = info.schema.defaults();
  spec.epochs = 1;
  spec.inputs.data = sha256_of(
      fmt::format("{} {} {} {} {:.9f}", build_of(command), here.boot, here.pid, here.start, now()));
  spec.identity = run_identity(spec, info);
  spec.group_identity = group_identity(spec, info);
  return records_of({spec}, to_json(command)).front();
}

/// All runs tracked under one name form a sweep, so that they can be listed and compared.
store::SweepRecord tracked_sweep(const std::string& name) {
  if (!is_command_name(name)) {
    throw Error(fmt::format("'{}' is not a name for a sweep", printable(name, 80)), {},
                "use letters, digits, - and _");
  }
  store::SweepRecord sweep;
  sweep.name = name;
  sweep.content_hash = sha256_of("epochal track " + name);
  return sweep;
}

/// Prints what the program prints, and keeps it in the log up to the limit of every run.
class TrackedOutput {
 public:
  TrackedOutput(store::Store& store, store::RunId run, const std::string& identity)
      : log_(store::RunFolder(store.folder(), identity).log(1)),
        out_(store::artifact_file(store.folder(), log_.path), std::ios::binary) {
    store.add_artifact(run, log_);
  }

  void print(std::string_view line, std::ostream& where) {
    keep(line);
    where << line << '\n' << std::flush;
  }

 private:
  void keep(std::string_view line) {
    if (kept_ > kMostKeptOutput) return;
    kept_ += static_cast<std::int64_t>(line.size()) + 1;
    if (kept_ <= kMostKeptOutput) {
      out_ << line << '\n' << std::flush;
    } else {
      out_ << fmt::format("epochal: the program has printed {} MiB; the rest is not kept\n",
                          kMostKeptOutput >> 20)
           << std::flush;
    }
  }

  std::int64_t kept_ = 0;
  store::ArtifactRecord log_;
  std::ofstream out_;
};

int tracked_exit_code(WorkEnd end) {
  if (end == WorkEnd::finished) return kAllGood;
  return end == WorkEnd::failed ? kSomeRunsFailed : kWorkLeft;
}

/// Tells a program that was started again under this one that its parameters are its own.
constexpr char kBegunAgain[] = "EPOCHAL_BEGUN_AGAIN";

/// A program that records itself must train even if it cannot be recorded: it replaces this
/// process. Throws Error if there is no such program.
[[noreturn]] void become_untracked(const CommandDeclaration& command) {
  std::vector<std::string> words;
  for (const std::string& word : command.run) words.push_back(filled(word, {}));
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp(arguments.front(), arguments.data());
  throw Error(fmt::format("{} cannot be started: {}", words.front(), std::strerror(errno)));
}

/// `sweep_end`, which hooks are told, has the name of the sweep when the program is about to start.
int track(const Options& options, const CommandDeclaration& command, SweepEnd& sweep_end) {
  PluginRegistry registry({});
  const ExperimentInfo& info = registry.add(command_experiment(command), build_of(command));
  info.create_inspector()->inspect(info.schema.defaults());

  stop_signal::install();
  store::Store store(options.store_folder());
  const store::RunRecord run = new_run(command, info);
  const std::string name = options.text("name", command.name);
  const store::RunId id = store.add_to_sweep(tracked_sweep(name), run);

  TrackedOutput output(store, id, run.identity);
  const store::ScratchFolder scratch(store.folder());
  WorkOptions work_options;
  work_options.threads = usable_cores();
  work_options.memory = available_memory().value_or(0);
  work_options.provenance = ProvenanceFile::write(scratch.path(), fs::current_path());
  work_options.stop_requested = [] { return stop_signal::count() > 0; };
  work_options.output = [&](std::string_view line) { output.print(line, std::cout); };
  work_options.errors = [&](std::string_view line) { output.print(line, std::cerr); };
  const store::Query query(store.folder());
  sweep_end.sweep = name;
  sweep_end.store = whole_path(store.folder());
  sweep_end.runs = {id};
  const WorkEnd end = work(store, query, registry, id, work_options);
  const store::RunRecord done = query.run(id);
  print_message("run {} {}\n", done.short_identity(),
                done.error.empty() ? std::string(name_of(done.status)) : "failed: " + done.error);
  SweepResult& result = sweep_end.result;
  ++(end == WorkEnd::finished ? result.finished
     : end == WorkEnd::failed ? result.failed
                              : result.left);
  return tracked_exit_code(end);
}

int do_track(const Options& options) {
  const CommandDeclaration command = declaration(options);
  const bool has_begun_again = std::getenv(kBegunAgain) != nullptr;
  return with_finish_hooks(options, [&](SweepEnd& end) {
    try {
      return track(options, command, end);
    } catch (const std::exception& error) {
      const bool is_prepared = !end.sweep.empty();
      if (!has_begun_again || is_prepared) throw;
      print_message("epochal: this run is not recorded: {}\n", error.what());
    }
    become_untracked(command);
  });
}

}  // namespace

Command track_command() {
  Options options(
      "track [--name NAME] [KEY=VALUE…] -- COMMAND…",
      "Runs a program and records it as one run: its output, the epochs and metrics that it\n"
      "reports, its time and memory, its exit code, and the sources around it. KEY=VALUE are\n"
      "parameters for the record; the program does not get them:\n"
      "  epochal track --name tuned lr=0.1 -- python3 train.py --lr 0.1");
  options.store().value(
      "name", "NAME",
      "the sweep that the run belongs to (default: the name of the script or program)");
  options
      .value("parameters", "JSON",
             "parameters as a JSON object, which keeps their types; used by the clients")
      .flag("stdin", "give the program the standard input, unless it is a terminal");
  add_finish_hooks(options);
  return {"run any program and record it", std::move(options), do_track};
}

}  // namespace epochal::app
