// One line of standard error, written over and over.

#include "experiments/adain/status_line.h"

#include <unistd.h>

#include <utility>

#include "framework/base/message.h"

namespace epochal::adain {

StatusLine::StatusLine(std::string doing, std::size_t total)
    : doing_(std::move(doing)), total_(total), is_shown_(total > 1 && isatty(STDERR_FILENO) == 1) {}

void StatusLine::show(std::size_t number) const {
  if (is_shown_) print_message("\r\033[K{} {} of {}", doing_, number, total_);
}

void StatusLine::clear() const {
  if (is_shown_) print_message("\r\033[K");
}

}  // namespace epochal::adain
