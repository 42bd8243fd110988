// Where the small files are that ship with epochal.

#include "experiments/torch/weights/asset_file.h"

#include <dlfcn.h>

#include "framework/base/error.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

/// The shared object, or the program, that this code is part of.
fs::path own_file() {
  Dl_info info{};
  const bool found = dladdr(reinterpret_cast<const void*>(&own_file), &info) != 0;
  return found && info.dli_fname != nullptr ? fs::absolute(info.dli_fname) : fs::path();
}

}  // namespace

fs::path asset_file(const std::string& name) {
  constexpr int kLevels = 4;  // from lib/epochal/plugins/PLUGIN up to the prefix
  fs::path folder = own_file().parent_path();
  for (int level = 0; level < kLevels; ++level) {
    const fs::path file = folder / "share/epochal/assets" / name;
    std::error_code error;
    if (fs::is_regular_file(file, error)) return file;
    folder = folder.parent_path();
  }
  throw Error("the file " + name + " that ships with epochal is missing", {},
              "build or install epochal again");
}

}  // namespace epochal
