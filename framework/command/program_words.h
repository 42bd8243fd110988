#pragma once

#include <set>
#include <string>
#include <vector>

#include "framework/command/declaration.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// What a command may name in braces besides its parameters: every run has it.
const std::set<std::string>& words_of_every_run();

/// The parameters as the program gets them: a path that begins with ~ has the home folder in its
/// place. Throws Error where there is none.
Parameters parameters_for_program(const CommandDeclaration& command, const Parameters& parameters);

/// The program of a run and its arguments, with values in place of the placeholders: as it is
/// started. Throws Error for a placeholder without a value.
std::vector<std::string> program_words(const CommandDeclaration& command,
                                       const RunContext& context);

}  // namespace epochal
