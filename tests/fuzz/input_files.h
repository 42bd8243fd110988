#pragma once

#include <filesystem>
#include <string_view>

namespace epochal::fuzz {

/// An empty folder, the same one each time; what an earlier input left in it is removed.
std::filesystem::path empty_folder();

/// Writes an input that stands for several files into a folder: a line "== NAME" begins each. Names
/// that would lead out of the folder are left out.
void write_files(std::string_view input, const std::filesystem::path& folder);

}  // namespace epochal::fuzz
