// Names that say what was combined, each once.

#include "experiments/adain/output_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "experiments/torch/images/named_pictures.h"

namespace epochal::adain {
namespace {

std::string stem_of(const std::filesystem::path& file) {
  const std::string& name = file.native();
  if (!is_generated_picture(name)) return file.stem().string();
  std::string stem = name.substr(name.find(':') + 1);
  std::replace(stem.begin(), stem.end(), ':', '-');
  return stem;
}

}  // namespace

std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::vector<std::string> labels_of(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> stems;
  for (const std::filesystem::path& file : files) stems.push_back(stem_of(file));
  constexpr std::size_t kLongestLabel = 100;
  return distinct_names(stems, kLongestLabel);
}

std::vector<std::string> distinct_names(const std::vector<std::string>& names, std::size_t most) {
  std::set<std::string> taken;
  std::map<std::string, int> last_number;
  std::vector<std::string> result;
  for (const std::string& name : names) {
    const std::string first = shortened(name, most);
    std::string candidate = first;
    int& number = last_number.try_emplace(first, 1).first->second;
    while (!taken.insert(candidate).second) candidate = fmt::format("{}-{}", first, ++number);
    result.push_back(candidate);
  }
  return result;
}

}  // namespace epochal::adain
