#pragma once

#include <memory>

#include "framework/base/content_hashes.h"
#include "framework/command/declaration.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// Checks the inputs of a command's runs. Its fingerprint of the data covers the words of the
/// command, the contents of its inputs, and the contents of its parameters that are paths. `files`
/// keeps hashes from one inspector to the next.
std::unique_ptr<InputInspector> make_command_inspector(const CommandDeclaration& command,
                                                       std::shared_ptr<FileHashes> files);

/// The current fingerprint of the data.
std::string fingerprint_of_inputs(const CommandDeclaration& command,
                                  const std::shared_ptr<FileHashes>& files,
                                  const Parameters& parameters);

}  // namespace epochal
