// One OpenMP runtime for all libraries of the process.

#include "experiments/torch/training/openmp_runtime.h"

#include <fmt/format.h>
#include <link.h>

#include <filesystem>
#include <set>

#include "framework/base/error.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

bool is_openmp(const std::string& file) {
  return file.starts_with("libgomp") || file.starts_with("libomp.") ||
         file.starts_with("libomp-") || file.starts_with("libiomp");
}

int add_library(dl_phdr_info* info, std::size_t /*size*/, void* libraries) {
  static_cast<std::vector<std::string>*>(libraries)->emplace_back(info->dlpi_name);
  return 0;
}

}  // namespace

std::vector<std::string> openmp_runtimes(const std::vector<std::string>& libraries) {
  std::set<std::string> found;
  for (const std::string& library : libraries) {
    if (!is_openmp(fs::path(library).filename().string())) continue;
    std::error_code missing;
    const fs::path file = fs::weakly_canonical(library, missing);
    found.insert(missing ? library : file.string());
  }
  return {found.begin(), found.end()};
}

void check_openmp_runtime() {
  std::vector<std::string> libraries;
  dl_iterate_phdr(add_library, &libraries);
  const std::vector<std::string> found = openmp_runtimes(libraries);
  if (found.size() < 2) return;
  throw Error(fmt::format("several OpenMP runtimes are loaded: {}", fmt::join(found, ", ")), {},
              "build epochal with the LibTorch that it runs with: scripts/setup --torch");
}

}  // namespace epochal
