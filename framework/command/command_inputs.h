#pragma once

#include <memory>

#include "framework/base/content_hashes.h"
#include "framework/command/declaration.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// Looks at what runs of a command start from. Its fingerprint of the data covers the words of the
/// command, the contents of its inputs, and those of its parameters that are paths. `files`
/// remembers hashes from one inspector to the next.
std::unique_ptr<InputInspector> make_command_inspector(const CommandDeclaration& command,
                                                       std::shared_ptr<FileHashes> files);

/// The fingerprint of the data as it is now.
std::string fingerprint_of_inputs(const CommandDeclaration& command,
                                  const std::shared_ptr<FileHashes>& files,
                                  const Parameters& parameters);

}  // namespace epochal
