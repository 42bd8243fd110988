// Aligned columns of text.

#include "framework/app/text_table.h"

#include <algorithm>
#include <cassert>
#include <ostream>

#include "reports/human_format.h"

namespace epochal {
namespace {

/// Characters, not bytes: continuation bytes of UTF-8 take no room.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

void TextTable::add_column(std::string heading, Align align) {
  const std::size_t width = width_of(heading);
  columns_.push_back({std::move(heading), align, width});
}

void TextTable::add_row(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = printable(cells[i]);
    columns_[i].width = std::max(columns_[i].width, width_of(cells[i]));
  }
  rows_.push_back(std::move(cells));
}

void TextTable::print_row(std::ostream& out, const std::vector<std::string>& cells) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string gap(columns_[i].width - width_of(cells[i]), ' ');
    if (i > 0) line += "  ";
    line += columns_[i].align == Align::right ? gap + cells[i] : cells[i] + gap;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << '\n';
}

void TextTable::print(std::ostream& out) const {
  std::vector<std::string> headings;
  for (const Column& column : columns_) headings.push_back(column.heading);
  print_row(out, headings);
  for (const auto& row : rows_) print_row(out, row);
}

}  // namespace epochal
