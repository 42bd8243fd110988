// `epochal report`: the comparison of a sweep's runs as one folder.

#include <fmt/format.h>

#include <iostream>

#include "code_version.h"
#include "db/query.h"
#include "framework/app/command.h"
#include "framework/app/options.h"
#include "framework/app/sweep_arguments.h"
#include "framework/runner/provenance.h"
#include "reports/report.h"

namespace epochal {
namespace {

constexpr char kUsage[] = "report SWEEP.toml [KEY=VALUE…] [-o DIR]";

/// What was recorded for exactly this file and these overrides; failing that, when no overrides
/// were given, what was recorded last under the sweep's name.
SweepRecord find_sweep(const Query& query, const SweepArguments& arguments) {
  const std::string& name = arguments.sweep.name;
  if (auto found = query.sweep(name, content_hash(arguments.sweep))) return *found;
  const auto latest =
      arguments.sweep.overrides.empty() ? query.sweep(name, "") : std::optional<SweepRecord>();
  if (!latest) {
    throw Error(fmt::format("the sweep '{}' was not run like this in this store", name),
                query.folder(), "run it first, or give the overrides that it was run with");
  }
  fmt::print(
      stderr, "the file was not run as it stands; reporting '{}' as it was run last{}\n", name,
      latest->overrides.empty() ? std::string()
                                : fmt::format(" (with {})", fmt::join(latest->overrides, " ")));
  return *latest;
}

std::string command_line(const SweepArguments& arguments, const SweepRecord& sweep,
                         const Options& options) {
  std::string line = "epochal report " + shell_quoted(arguments.file.string());
  for (const std::string& text : sweep.overrides) line += " " + shell_quoted(text);
  if (options.has("store")) line += " --store " + shell_quoted(options.text("store"));
  return line + " -o " + shell_quoted(options.text("output", "report"));
}

std::map<std::string, ParameterDoc> docs_of(const std::string& experiment) {
  std::map<std::string, ParameterDoc> docs;
  PluginRegistry registry = PluginRegistry::from_environment();
  if (!registry.contains(experiment)) return docs;  // the records stand without their plugin
  for (const ParameterSpec& spec : registry.experiment(experiment).schema.specs()) {
    docs[spec.name] = {spec.unit, spec.doc};
  }
  return docs;
}

int do_report(const Options& options) {
  const SweepArguments sweep = read_sweep_arguments(options.positional(), kUsage);
  const Query query(options.store_folder());
  const SweepRecord record = find_sweep(query, sweep);
  ReportData data = read_report_data(query, record);
  data.command = command_line(sweep, record, options);
  data.program_version = kProgramVersion;
  data.claims = sweep.sweep.claims;
  data.parameter_docs = docs_of(sweep.sweep.experiment);

  const std::filesystem::path folder = options.text("output", "report");
  write_report(data, folder);
  std::cout << (folder / "index.html").string() << '\n';
  return kAllGood;
}

}  // namespace

Command report_command() {
  Options options(kUsage,
                  "Writes index.html (one self-contained file), report.md, figures and samples of\n"
                  "the sweep's runs into a folder, and prints the page's path.");
  options.store().value("output,o", "DIR", "the report's folder (default ./report)");
  return {"write the report of a sweep", std::move(options), do_report};
}

}  // namespace epochal
