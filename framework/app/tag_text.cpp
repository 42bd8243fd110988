#include "framework/app/tag_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "framework/base/error.h"
#include "framework/base/printable.h"

namespace epochal::app {

void check_tag_name(const std::string& name) {
  const bool is_plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '/';
  });
  if (!name.empty() && name.size() <= kLongestTagName && is_plain) return;
  throw Error(fmt::format("'{}' is not a tag", printable(name, 100)), {},
              "use at most 80 letters, digits, '_', '-', '.' and '/'");
}

}  // namespace epochal::app
