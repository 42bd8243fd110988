// Files inside a page, as base64 (Nettle's).

#include "reports/page/data_uri.h"

#include <nettle/base64.h>

#include <fstream>
#include <vector>

#include "framework/base/error.h"

namespace epochal::report {

std::string data_uri(const std::filesystem::path& file, std::string_view media_type) {
  constexpr std::streamoff kLargest = 64 << 20;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
  if (size < 0) throw Error("the file cannot be read", file);
  if (size > kLargest) throw Error("the file is larger than 64 MiB", file);

  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(bytes.data()), size);
  if (!in) throw Error("the file cannot be read", file);
  return data_uri(bytes, media_type);
}

std::string data_uri(std::span<const std::byte> bytes, std::string_view media_type) {
  std::vector<char> encoded(BASE64_ENCODE_RAW_LENGTH(bytes.size()));
  base64_encode_raw(encoded.data(), bytes.size(),
                    reinterpret_cast<const std::uint8_t*>(bytes.data()));
  std::string uri = "data:" + std::string(media_type) + ";base64,";
  return uri.append(encoded.data(), encoded.size());
}

}  // namespace epochal::report
