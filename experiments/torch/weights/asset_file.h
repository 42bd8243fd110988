#pragma once

#include <filesystem>
#include <string>

namespace epochal {

/// A file of assets/, as it lies in the build tree or an installation: `share/epochal/assets/NAME`
/// beside or above the folder of the running plugin. Throws Error if it is not there.
std::filesystem::path asset_file(const std::string& name);

}  // namespace epochal
