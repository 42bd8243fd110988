#pragma once

#include <cstddef>
#include <string>

namespace epochal::adain {

/// A line on a terminal that says how far work over many pictures is: "painting 3 of 9". Nothing
/// where nobody looks, or there is only one.
class StatusLine {
 public:
  /// `doing` is what comes before the number, such as "painting".
  StatusLine(std::string doing, std::size_t total);
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /// `number` counts from 1.
  void show(std::size_t number) const;

  /// Before anything else is printed.
  void clear() const;

 private:
  std::string doing_;
  std::size_t total_;
  bool is_shown_;
};

}  // namespace epochal::adain
