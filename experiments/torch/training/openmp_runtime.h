#pragma once

#include <string>
#include <vector>

namespace epochal {

/// The OpenMP runtimes among the paths of loaded libraries, by their last names: GNU's (libgomp),
/// LLVM's (libomp) and Intel's (libiomp5). A library that is loaded twice from one file counts
/// once.
std::vector<std::string> openmp_runtimes(const std::vector<std::string>& libraries);

/// Throws Error if this process has loaded more than one. Each has threads of its own, which then
/// compete for the cores: LibTorch and oneDNN must share one.
void check_openmp_runtime();

}  // namespace epochal
