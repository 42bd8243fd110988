// Reads a small file at once.

#include "framework/system/whole_file.h"

#include <fstream>
#include <iterator>

namespace epochal {

std::string whole_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace epochal
