#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct zip;  // libzip's

namespace epochal {

/// A zip archive in memory, of a stranger: entries that are compressed are refused, because they
/// could claim any size, and nothing larger than the archive itself is allocated.
class ZipArchive {
 public:
  /// `bytes` must outlive the archive; `file` is how errors name it. Throws Error if its directory
  /// is damaged.
  ZipArchive(std::span<const std::byte> bytes, std::filesystem::path file);

  /// The first entry of this name in any folder, with its folder; empty if there is none.
  std::string find(std::string_view name) const;

  /// An entry's bytes. Throws Error if it is missing, compressed or damaged.
  std::vector<std::byte> read(const std::string& name) const;

 private:
  std::filesystem::path file_;
  std::uint64_t size_;
  std::unique_ptr<zip, void (*)(zip*)> archive_;
};

}  // namespace epochal
