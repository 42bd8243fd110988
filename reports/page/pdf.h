#pragma once

#include <filesystem>

namespace epochal::report {

/// Prints a page to a PDF with chromium. Throws Error, with what to install, if chromium is
/// missing, and with chromium's message if it fails.
void print_to_pdf(const std::filesystem::path& page, const std::filesystem::path& pdf);

}  // namespace epochal::report
