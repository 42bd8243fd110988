#pragma once

// Reads typed values from parsed TOML, with errors that name file:line:column. Private to
// framework/sweep: the sweep file and the overrides share it.

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <vector>

#include "framework/sweep/sweep.h"

namespace epochal::toml_reading {

/// "file:line:column" of a node; only the file if its position is unknown.
std::string place(const toml::node& node, const std::string& file);

/// The same for a key.
std::string place_of_key(const toml::key& key, const std::string& file);

/// The folder of a sweep file, absolute.
std::filesystem::path folder_of(const std::string& file);

/// The keys of a table in the file's order (toml++ sorts them by name).
std::vector<const toml::key*> keys_in_file_order(const toml::table& table);

/// A boolean, number or text. Throws Error for anything else.
ParameterValue scalar(const toml::node& node, std::string_view name, const std::string& where);

std::string text(const toml::node& node, std::string_view name, const std::string& where);

/// The text of a key; none if the table does not have it.
std::optional<std::string> text_at(const toml::table& table, std::string_view key,
                                   const std::string& file);

/// Whether the text is the first of two words. Throws Error if it is neither.
bool is_first(const toml::node& node, std::string_view name, std::string_view first,
              std::string_view second, const std::string& file);

/// Throws Error unless the node is a whole number from `low` to `high`.
std::int64_t whole_number(const toml::node& node, std::string_view name, std::int64_t low,
                          std::int64_t high, const std::string& file);

/// The same for a key; `otherwise` if the table does not have it.
std::int64_t whole_number_at(const toml::table& table, std::string_view key, std::int64_t low,
                             std::int64_t high, std::int64_t otherwise, const std::string& file);

/// Throws Error unless the node is a finite number.
double finite_number(const toml::node& node, std::string_view name, const std::string& file);

/// The most epochs that a sweep may ask for.
inline constexpr std::int64_t kMostEpochs = 1'000'000;

/// A number or a formula for one of the keys of a sweep that say how long its runs are (see
/// is_length_key). Throws Error.
Assignment length(const toml::node& node, std::string_view key, const std::string& where);
std::vector<std::uint64_t> seed_list(const toml::node& node, const std::string& where);

/// Throws Error unless the node is an array with at least one element.
const toml::array& filled_array(const toml::node& node, std::string_view name,
                                const std::string& where);

/// Throws Error for the first key in file order that is not in `known`.
void refuse_unknown_keys(const toml::table& table, const std::vector<std::string>& known,
                         const std::string& context, const std::string& file);

/// Throws Error unless the node is a table.
const toml::table& table_at(const toml::node& node, std::string_view name, const std::string& file);

/// Throws Error unless the node is a non-empty array of tables.
std::vector<const toml::table*> tables_at(const toml::node& node, std::string_view name,
                                          const std::string& file);

/// Reads the assignments of a table such as [params], in file order. Throws Error.
std::vector<Assignment> assignments(const toml::table& table, const std::string& file);

/// Reads one assignment. Throws Error.
Assignment assignment(const toml::key& key, const toml::node& value, const std::string& file);
Assignment assignment(const std::string& name, const toml::node& value, const std::string& where,
                      const std::filesystem::path& folder);

}  // namespace epochal::toml_reading
