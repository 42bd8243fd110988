#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "framework/app/colour.h"

namespace epochal {

/// The width of the terminal that standard output is; none where it is not one. COLUMNS, where it
/// is set, comes first.
std::optional<std::size_t> terminal_width();

/// A table for the terminal: columns as wide as their widest cell, two spaces apart.
class TextTable {
 public:
  enum class Align { left, right };

  /// Columns of a lower `rank` go first where the table is too wide.
  void add_column(std::string heading, Align align = Align::left, int rank = 9);

  /// As many cells as there are columns. Control characters are shown as escapes. `colours` are
  /// those of the cells for a standard output that shows them; none where there are fewer.
  void add_row(std::vector<std::string> cells, std::vector<Colour> colours = {});

  void print(std::ostream& out) const;

  /// Leaves out columns until the table fits, or none of a rank below 9 is left, and returns their
  /// headings. Of columns of one rank the last go first.
  std::vector<std::string> fit(std::size_t width);

 private:
  struct Column {
    std::string heading;
    Align align;
    std::size_t width;
    int rank;
    bool is_shown = true;
  };

  struct Row {
    std::vector<std::string> cells;
    std::vector<Colour> colours;
  };

  void print_row(std::ostream& out, const Row& row) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace epochal
