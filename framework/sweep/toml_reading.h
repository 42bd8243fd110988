#pragma once

// Reading typed values out of parsed TOML, with errors that name file:line:column. Private to
// framework/sweep: the sweep file and the overrides share it.

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "framework/sweep/sweep.h"

namespace epochal::toml_reading {

/// "file:line:column" of a node; just the file where TOML knows no position.
std::string place(const toml::node& node, const std::string& file);

/// The keys of a table in the order in which the file has them (toml++ sorts them by name).
std::vector<const toml::key*> keys_in_file_order(const toml::table& table);

/// A boolean, number or text. Throws Error for anything else.
ParameterValue scalar(const toml::node& node, std::string_view name, const std::string& where);

std::string text(const toml::node& node, std::string_view name, const std::string& where);
Epoch epoch_count(const toml::node& node, const std::string& where);
std::vector<std::uint64_t> seed_list(const toml::node& node, const std::string& where);

/// Throws Error unless the node is an array with at least one element.
const toml::array& filled_array(const toml::node& node, std::string_view name,
                                const std::string& where);

}  // namespace epochal::toml_reading
