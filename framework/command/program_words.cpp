// Placeholders -> the words of one run.

#include "framework/command/program_words.h"

#include <map>

#include "framework/base/shell_word.h"
#include "framework/command/placeholders.h"

namespace epochal {

std::vector<std::string> program_words(const CommandDeclaration& command,
                                       const RunContext& context) {
  std::map<std::string, std::string> values{{"seed", std::to_string(context.seed)},
                                            {"epochs", std::to_string(context.epochs)},
                                            {"run_folder", context.folder.string()},
                                            {"sweep_folder", command.folder.string()}};
  for (const auto& [name, value] : context.parameters.all()) values[name] = to_text(value);
  if (command.shell) {
    for (auto& [name, value] : values) value = shell_quoted(value);
    return {"/bin/sh", "-c", filled(command.run.front(), values)};
  }
  std::vector<std::string> words;
  for (const std::string& word : command.run) words.push_back(filled(word, values));
  return words;
}

}  // namespace epochal
