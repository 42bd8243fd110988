// Hashes for CSP level 2: of the text between the script tags, in base64.

#include "reports/page/page_policy.h"

#include <fmt/format.h>

#include <cstddef>
#include <vector>

#include "framework/base/sha256.h"
#include "reports/page/data_uri.h"

namespace epochal::report {
namespace {

std::string base64_of(const std::string& hex) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  const std::string uri = data_uri(bytes, "any/type");
  return uri.substr(uri.find(',') + 1);
}

}  // namespace

std::string page_policy(const std::vector<std::string_view>& scripts) {
  std::string hashes;
  for (const std::string_view script : scripts) {
    hashes += fmt::format(" 'sha256-{}'", base64_of(sha256_of(script)));
  }
  return fmt::format(
      "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; "
      "script-src{}; base-uri 'none'; form-action 'none'",
      hashes);
}

}  // namespace epochal::report
