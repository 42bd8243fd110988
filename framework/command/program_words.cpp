// Replaces placeholders to get the words of one run.

#include "framework/command/program_words.h"

#include <map>

#include "framework/base/shell_words.h"
#include "framework/command/placeholders.h"

namespace epochal {

namespace {

using TextOfRun = std::string (*)(const CommandDeclaration& command, const RunContext& context);

const std::map<std::string, TextOfRun>& texts_of_every_run() {
  static const std::map<std::string, TextOfRun> texts{
      {"seed", [](const auto&, const auto& context) { return std::to_string(context.seed); }},
      {"epochs", [](const auto&, const auto& context) { return std::to_string(context.epochs); }},
      {"run_folder", [](const auto&, const auto& context) { return context.folder.string(); }},
      {"sweep_folder", [](const auto& command, const auto&) { return command.folder.string(); }}};
  return texts;
}

}  // namespace

const std::set<std::string>& words_of_every_run() {
  static const std::set<std::string> words = [] {
    std::set<std::string> names;
    for (const auto& [name, text_of] : texts_of_every_run()) names.insert(name);
    return names;
  }();
  return words;
}

Parameters parameters_for_program(const CommandDeclaration& command, const Parameters& parameters) {
  Parameters given = parameters;
  for (const ParameterSpec& spec : command.parameters) {
    const ParameterValue* value = parameters.find(spec.name);
    if (spec.type != ParameterType::path || value == nullptr) continue;
    given.set(spec.name, with_home(std::get<std::string>(*value)));
  }
  return given;
}

std::vector<std::string> program_words(const CommandDeclaration& command,
                                       const RunContext& context) {
  std::map<std::string, std::string> values;
  for (const auto& [name, text_of] : texts_of_every_run()) values[name] = text_of(command, context);
  const Parameters given = parameters_for_program(command, context.parameters);
  for (const auto& [name, value] : given.all()) values[name] = to_text(value);
  if (command.shell) {
    for (auto& [name, value] : values) value = shell_quoted(value);
    return {"/bin/sh", "-c", filled(command.run.front(), values)};
  }
  std::vector<std::string> words;
  for (const std::string& word : command.run) words.push_back(filled(word, values));
  return words;
}

}  // namespace epochal
