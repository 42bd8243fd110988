// This program's file, and programs of the machine that reports use.

#include "framework/system/installed_program.h"

#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <system_error>

#include "framework/base/error.h"

namespace epochal {
namespace fs = std::filesystem;

fs::path this_program() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) throw Error("/proc is not mounted", {}, "mount it: mount -t proc proc /proc");
  return program;
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
