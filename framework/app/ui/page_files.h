#pragma once

#include <string_view>
#include <vector>

namespace epochal::app {

/// One file of the page of `epochal ui`, built into the program.
struct PageFile {
  std::string_view name;  ///< "index.html"
  std::string_view media_type;
  std::string_view text;
};

const std::vector<PageFile>& page_files();

/// The policy under which the page runs: its own scripts, styles and pictures, and nothing else.
extern const char* const kPagePolicy;

}  // namespace epochal::app
