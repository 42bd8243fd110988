// Joins where, what and what to do into one sentence.

#include "framework/base/error.h"

#include <utility>

namespace epochal {
namespace {

std::string sentence(const std::string& fault, const std::string& where, const std::string& hint) {
  std::string text = where.empty() ? fault : where + ": " + fault;
  if (!hint.empty()) text += "; " + hint;
  return text;
}

}  // namespace

Error::Error(std::string what, std::string where, std::string hint)
    : std::runtime_error(sentence(what, where, hint)),
      fault_(std::move(what)),
      where_(std::move(where)),
      hint_(std::move(hint)) {}

}  // namespace epochal
