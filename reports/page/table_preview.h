#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace epochal::report {

/// The start of a table, with limits on rows (besides the heads), columns and bytes per cell.
struct TablePreview {
  static constexpr std::size_t kMostRows = 20;
  static constexpr std::size_t kMostColumns = 12;
  static constexpr std::size_t kLongestCell = 80;

  std::vector<std::string> heads;
  std::vector<std::vector<std::string>> rows;
  bool is_cut = false;  ///< whether there is more
};

/// The start of a text with values separated by `delimiter`, which may be hostile. The first row
/// has the heads. Cells are printable.
TablePreview csv_preview(std::string_view text, char delimiter);

/// The start of a JSON list of objects or of lists. None if the text is other JSON.
std::optional<TablePreview> json_preview(std::string_view text);

}  // namespace epochal::report
