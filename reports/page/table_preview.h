#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace epochal {

/// The beginning of a table: so many rows besides the heads, so many columns, cells of so many
/// bytes.
struct TablePreview {
  static constexpr std::size_t kMostRows = 20;
  static constexpr std::size_t kMostColumns = 12;
  static constexpr std::size_t kLongestCell = 80;

  std::vector<std::string> heads;
  std::vector<std::vector<std::string>> rows;
  bool is_cut = false;  ///< there is more
};

/// The beginning of values that `delimiter` parts, which may be hostile: the first row has the
/// heads. Cells are printable.
TablePreview csv_preview(std::string_view text, char delimiter);

/// The beginning of a JSON list of objects or of lists. None if the text is another JSON.
std::optional<TablePreview> json_preview(std::string_view text);

}  // namespace epochal
