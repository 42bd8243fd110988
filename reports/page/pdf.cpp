// Prints the page with a headless browser, which applies the page's print styles.

#include "reports/page/pdf.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include "framework/base/disk_full.h"
#include "framework/base/printable.h"
#include "framework/system/child_process.h"
#include "framework/system/file_system.h"
#include "framework/system/installed_program.h"
#include "framework/system/whole_file.h"

namespace epochal::report {
namespace fs = std::filesystem;
namespace {

/// Escapes '#', '?' and '%', which have a meaning in addresses.
std::string address_of(const fs::path& file) {
  std::string address = "file://";
  for (const char c : fs::absolute(file).string()) {
    if (c == '#' || c == '?' || c == '%') {
      address += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      address += c;
    }
  }
  return address;
}

}  // namespace

void print_to_pdf(const fs::path& page, const fs::path& pdf) {
  if (!is_in_path("chromium")) {
    throw Error("chromium is not installed, and --pdf needs it", {},
                "install it: sudo apt-get install chromium");
  }
  const fs::path profile = fs::absolute(pdf).string() + ".profile";
  const fs::path output = fs::absolute(pdf).string() + ".log";
  std::vector<std::string> command{"chromium", "--headless", "--disable-gpu", "--no-first-run",
                                   // Shared memory may be small in containers.
                                   "--disable-dev-shm-usage", "--disable-background-networking",
                                   "--no-pdf-header-footer", "--user-data-dir=" + profile.string(),
                                   "--print-to-pdf=" + fs::absolute(pdf).string(),
                                   address_of(page)};
  // Chromium refuses to sandbox itself for root.
  if (geteuid() == 0) command.emplace_back("--no-sandbox");
  std::error_code ignored;
  fs::remove(pdf, ignored);
  constexpr std::chrono::minutes kPatience{5};
  ProcessStart start;
  start.command = std::move(command);
  start.output = output;
  start.group = SignalGroup::own;  // Ctrl-C ends a report after a complete page
  const ProcessEnd end = ChildProcess(start).wait_or_kill(kPatience);
  const std::string said = printable(whole_file(output));
  fs::remove_all(profile, ignored);
  fs::remove(output, ignored);
  if (end.is_success() && fs::exists(pdf)) return;
  fs::remove(pdf, ignored);
  if (!has_room(fs::absolute(pdf).parent_path())) throw DiskFull(pdf);
  throw Error("chromium could not print the page: " + said, pdf, "leave --pdf out");
}

}  // namespace epochal::report
