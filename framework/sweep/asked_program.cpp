// The declaration of a program that is not started, but asks and tells by itself.

#include "framework/sweep/sweep_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/error.h"
#include "framework/command/command_name.h"
#include "framework/command/program_words.h"

namespace epochal {
namespace {

using Kind = SearchedParameter::Kind;

/// The name under which `epochal ask` prints the run.
constexpr char kRunKey[] = "run";

/// Whether a shell takes NAME=VALUE as a variable: `epochal ask` prints such lines.
bool is_shell_name(const std::string& name) {
  return is_command_name(name) && name.find('-') == std::string::npos &&
         (name.front() < '0' || name.front() > '9');
}

void declare(CommandDeclaration& command, const std::string& name, const ParameterValue& fallback,
             const std::string& where) {
  const auto declared = std::ranges::find(command.parameters, name, &ParameterSpec::name);
  if (declared != command.parameters.end()) return;
  if (!is_shell_name(name) || words_of_every_run().contains(name) || name == kRunKey) {
    throw Error(fmt::format("'{}' is not a name for a parameter", name.substr(0, 80)), where,
                "use letters, digits and _, and a letter first; every run has its own seed, epochs "
                "and run");
  }
  ParameterSpec spec;
  spec.name = name;
  spec.fallback = fallback;
  spec.type = static_cast<ParameterType>(fallback.index());
  command.parameters.push_back(std::move(spec));
}

/// Any value of the parameter; its type is that of the parameter.
ParameterValue example_of(const SearchedParameter& parameter) {
  if (parameter.kind == Kind::choice) return parameter.choices.front();
  if (parameter.kind == Kind::int_uniform) return static_cast<std::int64_t>(parameter.low);
  return parameter.low;
}

void declare_objective(const SearchRequest& search, CommandDeclaration& command) {
  if (!command.metrics.empty()) return;
  if (search.metric.empty() || !search.has_mode) {
    throw Error("the search does not say which value its program tells", search.where,
                R"(add metric = "loss" and mode = "min")");
  }
  CommandMetric metric;
  metric.spec.name = search.metric;
  metric.spec.better = search.lower_is_better ? Better::lower : Better::higher;
  command.metrics.push_back(std::move(metric));
  command.objective = search.metric;
}

}  // namespace

void declare_asked_program(Sweep& sweep) {
  if (!sweep.command || !sweep.command->run.empty() || !sweep.search) return;
  CommandDeclaration& command = *sweep.command;
  declare_objective(*sweep.search, command);
  for (const SearchedParameter& parameter : sweep.search->parameters) {
    declare(command, parameter.name, example_of(parameter), parameter.where);
  }
  for (const Assignment& fixed : sweep.fixed)
    declare(command, fixed.name, fixed.value, fixed.where);
}

}  // namespace epochal
