#pragma once

#include <string>

namespace epochal::report {

/// A text in one line, escaped so that Markdown shows it literally.
std::string markdown_escaped(const std::string& text);

}  // namespace epochal::report
