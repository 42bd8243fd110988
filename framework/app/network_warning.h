#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace epochal::app {

/// Why a store on this network file system is a risk, and what to do.
std::string network_warning(const std::filesystem::path& store, std::string_view file_system);

/// Prints that warning on stderr if the store is, or would be, on a network file system.
void warn_of_network(const std::filesystem::path& store);

}  // namespace epochal::app
