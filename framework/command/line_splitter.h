#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace epochal {

/// Splits a stream of bytes into lines of bounded length. A line ends with "\n", with "\r\n", or
/// with the "\r" that progress bars use to overwrite themselves.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t longest) : longest_(longest) {}

  struct Line {
    std::string text;
    bool is_cut = false;  ///< the line was longer: the rest is dropped
  };

  void add(std::string_view bytes) { waiting_ += bytes; }
  /// Call this when no more bytes come: the rest is a line.
  void end() { has_ended_ = true; }

  /// The next whole line; none until more bytes come.
  std::optional<Line> next();

  /// Bytes that wait to be taken as lines.
  std::size_t size() const { return waiting_.size() - begin_; }

 private:
  std::size_t longest_;
  std::string waiting_;
  std::size_t begin_ = 0;     ///< of the first line that has not been taken
  std::size_t searched_ = 0;  ///< up to here no line ends
  bool is_in_cut_line_ = false;
  bool has_returned_ = false;  ///< the last line ended with "\r"
  bool has_ended_ = false;
};

}  // namespace epochal
