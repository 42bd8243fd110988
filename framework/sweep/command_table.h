#pragma once

#include <toml++/toml.h>

#include <string>

#include "framework/command/declaration.h"

namespace epochal {

/// Reads [command], which declares a program as an experiment. Throws Error with the place for
/// unknown keys, wrong patterns and placeholders without a parameter.
CommandDeclaration read_command_table(const toml::table& table, const std::string& file);

/// The same for a program that asks for its points itself, which is not started: without `run` and
/// what belongs to it. `sweep` is the name of its sweep, and the default of its own.
CommandDeclaration read_asked_program(const toml::table& table, const std::string& sweep,
                                      const std::string& file);

}  // namespace epochal
