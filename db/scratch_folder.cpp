// Named by the process that it belongs to.

#include "db/scratch_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <string_view>

#include "framework/base/parsed_number.h"
#include "framework/system/process.h"

namespace epochal::store {
namespace {

constexpr std::string_view kPrefix = "scratch-";

}  // namespace

ScratchFolder::ScratchFolder(const std::filesystem::path& store)
    : path_(std::filesystem::absolute(store) / fmt::format("{}{}", kPrefix, getpid())) {
  std::filesystem::create_directories(path_);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;  // `gc` removes what stays
  std::filesystem::remove_all(path_, ignored);
}

bool ScratchFolder::is_left_over(const std::string& name) {
  if (!name.starts_with(kPrefix)) return false;
  const auto pid = parsed_number<int>(std::string_view(name).substr(kPrefix.size()));
  return pid && !process_start_ticks(*pid);
}

}  // namespace epochal::store
