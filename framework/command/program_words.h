#pragma once

#include <string>
#include <vector>

#include "framework/command/declaration.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// The program of a run and its arguments, with values in place of the placeholders: as it is
/// started. Throws Error for a placeholder without a value.
std::vector<std::string> program_words(const CommandDeclaration& command,
                                       const RunContext& context);

}  // namespace epochal
