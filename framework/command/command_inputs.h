#pragma once

#include <memory>

#include "framework/command/declaration.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// Looks at what runs of a command start from. Its fingerprint of the data covers the words of the
/// command, the contents of its inputs, and those of its parameters that are paths.
std::unique_ptr<InputInspector> make_command_inspector(const CommandDeclaration& command);

}  // namespace epochal
