#pragma once

#include <set>
#include <string>
#include <vector>

#include "framework/command/declaration.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// The names that a command may have in braces besides its parameters: every run has them.
const std::set<std::string>& words_of_every_run();

/// The parameters as the program gets them: in a path, a leading ~ is replaced by the home folder.
/// Throws Error if there is none.
Parameters parameters_for_program(const CommandDeclaration& command, const Parameters& parameters);

/// The program of a run and its arguments, with values instead of placeholders. Throws Error for a
/// placeholder without a value.
std::vector<std::string> program_words(const CommandDeclaration& command,
                                       const RunContext& context);

}  // namespace epochal
