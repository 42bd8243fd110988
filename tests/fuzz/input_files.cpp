// Inputs as files, for readers that take a path.

#include "tests/fuzz/input_files.h"

#include <algorithm>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace epochal::fuzz {
namespace fs = std::filesystem;
namespace {

bool stays_inside(const fs::path& name) {
  constexpr std::size_t kLongest = 1000;
  return !name.empty() && name.native().size() <= kLongest && !name.is_absolute() &&
         name.native().find('\0') == std::string::npos &&
         std::find(name.begin(), name.end(), "..") == name.end();
}

}  // namespace

fs::path empty_folder() {
  static const test::TemporaryFolder temporary;
  fs::path folder = temporary / "input";
  fs::remove_all(folder);
  fs::create_directory(folder);
  return folder;
}

void write_files(std::string_view input, const fs::path& folder) {
  std::ofstream out;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size() - 1) + 1;
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(end);
    if (!line.starts_with("== ")) {
      out << line;
      continue;
    }
    const fs::path name = line.substr(3, line.find('\n') - 3);
    out.close();
    out.clear();
    if (!stays_inside(name)) continue;
    std::error_code taken;  // by a file, where a folder is wanted: then nothing is written
    fs::create_directories((folder / name).parent_path(), taken);
    out.open(folder / name, std::ios::binary);
  }
}

}  // namespace epochal::fuzz
