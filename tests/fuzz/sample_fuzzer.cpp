// libFuzzer harness: a sample of a stranger's, whose first line is the ending of its name, as a
// page shows it. What it is is found again under the ending that it gets; nothing of it becomes
// markup.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

#include "framework/base/content.h"
#include "reports/page/sample_preview.h"
#include "sample_html.h"
#include "tests/fuzz/memory_bound.h"

namespace {

using namespace epochal;

constexpr std::size_t kRoom = 100'000;

void check_markup(std::string_view page) {
  constexpr std::array<std::string_view, 16> kOwn{
      "img ",  "audio ", "/audio", "svg ", "/svg", "path ", "line ",  "text ",
      "/text", "pre",    "/pre",   "div ", "/div", "table", "/table", "t"};
  for (std::size_t at = page.find('<'); at != page.npos; at = page.find('<', at + 1)) {
    std::string_view tag = page.substr(at + 1);
    if (tag.starts_with("/t")) tag.remove_prefix(1);
    if (std::none_of(kOwn.begin(), kOwn.end(), [&](auto own) { return tag.starts_with(own); })) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.size(), input.find('\n'));
  const std::string_view ending = input.substr(0, end);
  const std::string_view bytes = input.substr(std::min(input.size(), end + 1));

  const fuzz::MemoryBound bound(size);
  const Content content = content_of(bytes, ending);
  const Content again = content_of(bytes, content.ending);
  if (again.type != content.type || again.ending != content.ending) std::abort();
  if (plain_file_stem(content.ending) != content.ending) std::abort();
  if (plain_file_stem(ending).find_first_of("/<>\"'&") != std::string::npos) std::abort();

  report::SamplePreview preview = report::preview_of(bytes, content, kRoom);
  if (preview.bytes > kRoom) std::abort();
  kainjow::mustache::data page(preview.fields);
  page.set("alt", std::string(ending));
  kainjow::mustache::mustache shown{std::string(embedded::sample_html)};
  check_markup(shown.render(page));
  return 0;
}
