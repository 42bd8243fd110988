#pragma once

#include <exception>
#include <string>

namespace epochal::app {

/// What the program says of an exception before it ends, and the exit code.
struct Failure {
  std::string message;
  int exit_code = 0;
};

Failure failure_of(const std::exception& exception);

}  // namespace epochal::app
