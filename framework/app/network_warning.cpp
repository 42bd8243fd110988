// Warns about stores on network file systems, where SQLite is not safe, before a run is lost.

#include "framework/app/network_warning.h"

#include <fmt/format.h>

#include "framework/base/message.h"
#include "framework/system/file_system.h"

namespace epochal::app {

std::string network_warning(const std::filesystem::path& store, std::string_view file_system) {
  return fmt::format(
      "{} is on a network file system ({}): SQLite cannot lock it safely between machines; run "
      "from one machine at a time, or choose a local folder with --store",
      store.string(), file_system);
}

void warn_of_network(const std::filesystem::path& store) {
  if (const auto file_system = network_file_system(store)) {
    print_message("warning: {}\n", network_warning(store, *file_system));
  }
}

}  // namespace epochal::app
