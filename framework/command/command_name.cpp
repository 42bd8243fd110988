// Names of commands and their parameters.

#include "framework/command/command_name.h"

#include <algorithm>
#include <filesystem>

namespace epochal {
namespace {

constexpr std::size_t kLongestCommandName = 64;

bool is_plain_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

char lower_case_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool is_command_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestCommandName &&
         std::all_of(text.begin(), text.end(), is_plain_in_name);
}

std::string command_name_for(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string().substr(0, kLongestCommandName);
  for (char& c : name) c = is_plain_in_name(c) ? lower_case_letter(c) : '-';
  return name.empty() ? "program" : name;
}

}  // namespace epochal
