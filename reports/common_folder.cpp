#include "reports/common_folder.h"

#include <algorithm>

namespace epochal::report {

std::string common_folder(const std::vector<std::string>& texts) {
  std::string common;
  for (const std::string& text : texts) {
    if (!text.starts_with('/')) continue;
    const std::string folder = text.substr(0, text.rfind('/') + 1);
    if (common.empty()) {
      common = folder;
      continue;
    }
    const auto [end, other] =
        std::mismatch(common.begin(), common.end(), folder.begin(), folder.end());
    common.erase(end, common.end());
    common.erase(common.rfind('/') + 1);
  }
  return common;
}

std::string without_folder(const std::string& text, const std::string& folder) {
  const bool is_in_it = text.starts_with(folder) && text.size() > folder.size();
  return is_in_it ? text.substr(folder.size()) : text;
}

}  // namespace epochal::report
