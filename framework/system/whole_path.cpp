// Keeps links in paths where possible: users know their folders by these names.

#include "framework/system/whole_path.h"

#include <algorithm>

namespace epochal {
namespace fs = std::filesystem;

fs::path whole_path(const fs::path& path) {
  const fs::path whole = fs::absolute(path);
  const bool climbs = std::find(whole.begin(), whole.end(), "..") != whole.end();
  std::error_code error;
  const fs::path found = climbs ? fs::weakly_canonical(whole, error) : whole;
  return error ? whole.lexically_normal() : found.lexically_normal();
}

}  // namespace epochal
