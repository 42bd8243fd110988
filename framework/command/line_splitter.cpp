// Splits bytes into lines, with bounded lines and buffers.

#include "framework/command/line_splitter.h"

#include <algorithm>

namespace epochal {

std::optional<LineSplitter::Line> LineSplitter::next() {
  for (;;) {
    // The second character of "\r\n" belongs to the end of the line before.
    if (has_returned_ && begin_ < waiting_.size()) {
      if (waiting_[begin_] == '\n') ++begin_;
      has_returned_ = false;
    }
    const std::size_t end = waiting_.find_first_of("\n\r", std::max(begin_, searched_));
    const bool is_whole = end != std::string::npos;
    const std::size_t length = (is_whole ? end : waiting_.size()) - begin_;
    const bool is_too_long = length > longest_;
    if (!is_whole && !is_too_long && !(has_ended_ && length > 0)) {
      searched_ = waiting_.size();
      waiting_.erase(0, begin_);
      searched_ -= begin_;
      begin_ = 0;
      return std::nullopt;
    }
    Line line{waiting_.substr(begin_, std::min(length, longest_)), is_too_long};
    const bool is_rest = is_in_cut_line_;
    is_in_cut_line_ = !is_whole && is_too_long;
    has_returned_ = is_whole && waiting_[end] == '\r';
    begin_ += is_whole ? length + 1 : length;
    searched_ = begin_;
    // This is the rest of a line that was cut before.
    if (is_rest) {
      is_in_cut_line_ = !is_whole;
      if (has_ended_ && begin_ >= waiting_.size()) return std::nullopt;
      continue;
    }
    return line;
  }
}

}  // namespace epochal
