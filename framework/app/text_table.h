#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace epochal {

/// A table for the terminal: columns as wide as their widest cell, two spaces apart.
class TextTable {
 public:
  enum class Align { left, right };

  void add_column(std::string heading, Align align = Align::left);

  /// As many cells as there are columns. Control characters are shown as spaces.
  void add_row(std::vector<std::string> cells);

  void print(std::ostream& out) const;

 private:
  struct Column {
    std::string heading;
    Align align;
    std::size_t width;
  };

  void print_row(std::ostream& out, const std::vector<std::string>& cells) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace epochal
