#pragma once

#include <filesystem>

namespace epochal {

/// Prints a page to a PDF beside it with Debian's chromium. Throws Error, with what to install, if
/// there is none, and with chromium's own words if it fails.
void print_to_pdf(const std::filesystem::path& page, const std::filesystem::path& pdf);

}  // namespace epochal
