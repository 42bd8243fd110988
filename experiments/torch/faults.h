#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "framework/base/error.h"

namespace epochal {

/// Collects what is wrong, so that one message names all of it.
class Faults {
 public:
  /// What look() returns, or an empty text if it throws Error.
  template <typename Look>
  std::string looking(const Look& look) {
    try {
      return look();
    } catch (const Error& error) {
      faults_.emplace_back(error.what());
      return {};
    }
  }

  /// Throws Error if there was any fault.
  void check() const {
    if (!faults_.empty()) throw Error(fmt::format("{}", fmt::join(faults_, "; and ")));
  }

 private:
  std::vector<std::string> faults_;
};

}  // namespace epochal
