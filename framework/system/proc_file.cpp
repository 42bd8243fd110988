// The key-value files of Linux.

#include "framework/system/proc_file.h"

#include <cstdlib>
#include <fstream>

namespace epochal {
namespace {

std::string trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '"' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

std::string value_in(const std::string& file, std::string_view key, char separator) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t at = line.find(separator);
    if (at == std::string::npos || trimmed(line.substr(0, at)) != key) continue;
    return trimmed(line.substr(at + 1));
  }
  return {};
}

std::optional<std::int64_t> bytes_in(const std::string& file, std::string_view key) {
  const std::string value = value_in(file, key, ':');
  if (value.empty()) return std::nullopt;
  return std::strtoll(value.c_str(), nullptr, 10) * 1024;
}

std::istringstream stat_fields(const std::string& process) {
  std::ifstream in("/proc/" + process + "/stat");
  std::string line;
  std::getline(in, line);
  // The name in parentheses may contain anything, so fields are counted after its last ')'.
  const std::size_t name_end = line.rfind(')');
  return std::istringstream(name_end == std::string::npos ? "" : line.substr(name_end + 1));
}

}  // namespace epochal
