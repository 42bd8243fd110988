#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "framework/app/colour.h"

namespace epochal::app {

/// The width of the terminal on standard output; none if it is not a terminal. COLUMNS takes
/// precedence if it is set.
std::optional<std::size_t> terminal_width();

/// A table for the terminal: columns as wide as their widest cell, two spaces apart.
class TextTable {
 public:
  enum class Align { left, right };

  /// Columns of a lower `rank` are left out first if the table is too wide.
  void add_column(std::string heading, Align align = Align::left, int rank = 9);

  /// Several columns, which are always shown.
  void add_columns(const std::vector<std::string>& headings, Align align = Align::left);

  /// `cells` has one cell for each column. Control characters are shown as escapes. `colours` are
  /// the colours of the cells, used if standard output shows colours; missing ones mean none.
  void add_row(std::vector<std::string> cells, std::vector<Colour> colours = {});

  void print(std::ostream& out) const;

  /// Leaves out columns of a rank below 9 until the table fits, and returns their headings. Among
  /// columns of one rank the last is left out first.
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

}  // namespace epochal::app
