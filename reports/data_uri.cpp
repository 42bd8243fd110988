// Files inside a page, as base64 (libcrypto's).

#include "reports/data_uri.h"

#include <openssl/evp.h>

#include <fstream>
#include <vector>

#include "framework/plugin/error.h"

namespace epochal {

std::string data_uri(const std::filesystem::path& file, std::string_view media_type) {
  constexpr std::streamoff kLargest = 64 << 20;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
  if (size < 0) throw Error("the file cannot be read", file);
  if (size > kLargest) throw Error("the file is larger than 64 MiB", file);

  std::vector<unsigned char> bytes(static_cast<std::size_t>(size));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(bytes.data()), size);
  if (!in) throw Error("the file cannot be read", file);

  std::vector<unsigned char> encoded(4 * ((bytes.size() + 2) / 3) + 1);
  const int length = EVP_EncodeBlock(encoded.data(), bytes.data(), static_cast<int>(bytes.size()));
  std::string uri = "data:" + std::string(media_type) + ";base64,";
  return uri.append(reinterpret_cast<const char*>(encoded.data()),
                    static_cast<std::size_t>(length));
}

}  // namespace epochal
