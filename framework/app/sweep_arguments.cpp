// From the words of the command line to a sweep and its runs.

#include "framework/app/sweep_arguments.h"
#include "framework/app/code_version.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "framework/base/error.h"
#include "framework/base/message.h"
#include "framework/command/command_experiment.h"
#include "framework/system/whole_path.h"

namespace epochal::app {
namespace fs = std::filesystem;

SweepArguments read_sweep_arguments(const std::vector<std::string>& positional,
                                    const std::string& usage) {
  if (positional.empty()) throw Error("no sweep file was named", {}, "usage: epochal " + usage);
  SweepArguments arguments;
  arguments.file = positional.front();
  arguments.sweep = load_sweep(arguments.file);
  apply_overrides(arguments.sweep, {positional.begin() + 1, positional.end()});
  return arguments;
}

SweepExperiments experiments_of(const Sweep& sweep, PluginRegistry& registry) {
  if (sweep.command) registry.add(command_experiment(*sweep.command), build_of(*sweep.command));
  SweepExperiments experiments;
  for (const std::string& name : sweep.experiments) {
    const bool is_known = registry.contains(name);
    try {
      experiments.push_back(&registry.experiment(name));
    } catch (const Error& error) {
      if (is_known) throw;
      throw Error(error.fault(), sweep.experiment_where, error.hint());
    }
  }
  return experiments;
}

std::vector<RunSpec> runs_of(const Sweep& sweep, const SweepExperiments& experiments) {
  std::vector<RunSpec> runs = expand(sweep, experiments);
  try {
    identify(runs, experiments);
  } catch (const Error& error) {
    if (sweep.fetch.empty()) throw;
    const std::string fetch = fmt::format("the inputs of {} are fetched by: {}", sweep.name,
                                          fmt::join(sweep.fetch, ", then "));
    throw Error(error.fault(), error.where(),
                error.hint().empty() ? fetch : error.hint() + "; " + fetch);
  }
  return runs;
}

std::vector<store::RunRecord> records_of(const std::vector<RunSpec>& specs,
                                         const std::string& command) {
  std::vector<store::RunRecord> records;
  records.reserve(specs.size());
  for (const RunSpec& spec : specs) {
    store::RunRecord record;
    record.identity = spec.identity;
    record.group_identity = spec.group_identity;
    record.experiment = spec.experiment;
    record.experiment_version = spec.experiment_version;
    record.seed = spec.seed;
    record.epochs = spec.epochs;
    record.inputs = spec.inputs;
    record.code_version = kCodeVersion;
    record.parameters = spec.parameters;
    for (const auto& [name, value] : spec.length.all()) record.parameters.set(name, value);
    if (is_command(spec.experiment)) record.command = command;
    records.push_back(std::move(record));
  }
  return records;
}

store::SweepRecord find_sweep(const store::Query& query, const SweepArguments& arguments) {
  const std::string& name = arguments.sweep.name;
  if (auto found = query.sweep(name, content_hash(arguments.sweep))) return *found;
  const auto latest = arguments.sweep.overrides.empty() ? query.sweep(name, "")
                                                        : std::optional<store::SweepRecord>();
  if (!latest) {
    throw Error(fmt::format("this store has no run of the sweep '{}' with these settings", name),
                query.folder(), "run it first, or give the overrides of the recorded sweep");
  }
  print_message(
      "the sweep file has changed since its last run; using '{}' as recorded last{}\n", name,
      latest->overrides.empty() ? std::string()
                                : fmt::format(" (with {})", fmt::join(latest->overrides, " ")));
  return *latest;
}

std::optional<store::SweepRecord> named_sweep(const store::Query& query,
                                              const std::vector<std::string>& positional) {
  if (positional.size() != 1) return std::nullopt;
  const std::string& word = positional.front();
  std::error_code error;
  if (word.ends_with(".toml") || fs::is_regular_file(word, error)) return std::nullopt;
  try {
    const std::string whole = query.sweep_word(word);
    const std::size_t at = whole.rfind('@');
    return query.sweep(whole.substr(0, at), whole.substr(at + 1));
  } catch (const Error& unknown) {
    throw Error(unknown.fault(), {},
                unknown.hint() + (unknown.hint().empty() ? "" : "; or ") + "name a sweep file");
  }
}

SweepArguments arguments_of(const store::SweepRecord& record) {
  SweepArguments arguments;
  arguments.file = record.file;
  if (record.file.empty()) {  // tracked: there never was a file
    arguments.sweep.name = record.name;
    return arguments;
  }
  try {
    arguments.sweep = load_sweep(record.file);
    apply_overrides(arguments.sweep, record.overrides);
    if (content_hash(arguments.sweep) == record.content_hash) return arguments;
  } catch (const Error&) {  // the file has gone, or is another by now
  }
  arguments.sweep = parse_sweep(record.text, record.file);
  apply_overrides(arguments.sweep, record.overrides);
  return arguments;
}

store::SweepRecord record_of(const SweepArguments& arguments) {
  store::SweepRecord record;
  record.name = arguments.sweep.name;
  record.content_hash = content_hash(arguments.sweep);
  record.file = whole_path(arguments.file).string();
  record.text = arguments.sweep.text;
  record.overrides = arguments.sweep.overrides;
  record.compare_by = arguments.sweep.compare_by;
  return record;
}

}  // namespace epochal::app
