#pragma once

#include <string>
#include <vector>

#include "framework/app/commands/command.h"

namespace epochal::app {

/// A completion script of bash for these commands: names, options, run identities, sweep files.
std::string bash_completion(const std::vector<CommandGroup>& groups);

/// The same for zsh, with descriptions.
std::string zsh_completion(const std::vector<CommandGroup>& groups);

/// The manual page epochal(1), in roff.
std::string manual_page(const std::vector<CommandGroup>& groups, const std::string& version);

}  // namespace epochal::app
