// Aligned columns of text.

#include "framework/app/text_table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <ostream>
#include <utility>

#include "framework/base/printable.h"

namespace epochal::app {
namespace {

/// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

std::optional<std::size_t> terminal_width() {
  if (const char* columns = std::getenv("COLUMNS")) {
    const int width = std::atoi(columns);
    if (width > 0) return static_cast<std::size_t>(width);
  }
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
      size.ws_col == 0) {
    return std::nullopt;
  }
  return size.ws_col;
}

void TextTable::add_column(std::string heading, Align align, int rank) {
  heading = printable(heading);
  const std::size_t width = width_of(heading);
  columns_.push_back({std::move(heading), align, width, rank});
}

void TextTable::add_columns(const std::vector<std::string>& headings, Align align) {
  for (const std::string& heading : headings) add_column(heading, align);
}

std::vector<std::string> TextTable::fit(std::size_t width) {
  constexpr int kAlwaysShown = 9;
  std::vector<std::string> left_out;
  while (true) {
    std::size_t total = 0;
    Column* least = nullptr;
    for (Column& column : columns_) {
      if (!column.is_shown) continue;
      total += column.width + (total == 0 ? 0 : 2);
      const bool goes_first = least == nullptr || column.rank <= least->rank;
      if (column.rank < kAlwaysShown && goes_first) least = &column;
    }
    if (total <= width || least == nullptr) return left_out;
    least->is_shown = false;
    left_out.push_back(least->heading);
  }
}

void TextTable::add_row(std::vector<std::string> cells, std::vector<Colour> colours) {
  assert(cells.size() == columns_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = printable(cells[i]);
    columns_[i].width = std::max(columns_[i].width, width_of(cells[i]));
  }
  colours.resize(cells.size());
  if (!takes_colours(STDOUT_FILENO)) colours.assign(cells.size(), Colour::none);
  rows_.push_back({std::move(cells), std::move(colours)});
}

void TextTable::print_row(std::ostream& out, const Row& row) const {
  std::string line;
  std::string gap_before;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (!columns_[i].is_shown) continue;
    const std::string& cell = row.cells[i];
    const std::string gap(columns_[i].width - width_of(cell), ' ');
    const bool is_right = columns_[i].align == Align::right;
    if (is_right) gap_before += gap;
    // A gap is written only before text, so that no line ends in blanks.
    if (!cell.empty()) line += std::exchange(gap_before, {}) + coloured(cell, row.colours[i]);
    gap_before += (is_right ? "" : gap) + "  ";
  }
  out << line << '\n';
}

void TextTable::print(std::ostream& out) const {
  Row headings;
  for (const Column& column : columns_) headings.cells.push_back(column.heading);
  headings.colours.resize(columns_.size());
  print_row(out, headings);
  for (const Row& row : rows_) print_row(out, row);
}

}  // namespace epochal::app
