#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace epochal::fuzz {

/// The database of a small, sound store, with rows in every table: three runs of two settings. Its
/// tables have lost what SQLite would check: types, checks and references.
const std::string& sound_database();

/// A store in an empty folder with these bytes for its database.
std::filesystem::path store_of(std::string_view database);

/// A sound store in which an input has replaced values, a line each: "TABLE.COLUMN VALUE" in all
/// rows, "TABLE.COLUMN#N VALUE" in the one at position N. VALUE is "null", a number, "x'6162'", or
/// else a text. Other lines are passed over.
std::filesystem::path hostile_store(std::string_view lines);

/// An empty store, without the time that making one takes.
void make_empty_store(const std::filesystem::path& folder);

/// Does what may end in an Error, or in a failure of SQLite that the program explains as damage:
/// that is what a stranger's store deserves. Anything else is a fault.
void attempt(const std::function<void()>& read);

}  // namespace epochal::fuzz
