// Programs of the machine that reports use.

#include "framework/system/installed_program.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace epochal {
namespace fs = std::filesystem;

std::string text_of_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool is_in_path(std::string_view program) {
  const char* path = std::getenv("PATH");
  std::istringstream parts(path == nullptr ? "" : path);
  for (std::string part; std::getline(parts, part, ':');) {
    if (access((fs::path(part) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace epochal
