#pragma once

#include <stdexcept>
#include <string>

namespace epochal {

/// A fault that a user can cause and fix: a wrong file, a missing folder, a value out of range.
///
/// Thrown where the fault is known, caught once in `app`, shown as one sentence and exit code 2.
/// Mistakes of the programmer are assertions or std::logic_error instead.
class Error : public std::runtime_error {
 public:
  /// `what`: the fault. `where`: its file, file:line:column or folder, may be empty. `hint`: what
  /// to do about it, may be empty.
  explicit Error(std::string what, std::string where = {}, std::string hint = {});

  const std::string& fault() const { return fault_; }
  const std::string& where() const { return where_; }
  const std::string& hint() const { return hint_; }

 private:
  std::string fault_;
  std::string where_;
  std::string hint_;
};

}  // namespace epochal
