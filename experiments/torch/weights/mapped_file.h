#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace epochal {

/// A file's bytes, mapped for reading: only what is looked at is read.
class MappedFile {
 public:
  /// Throws Error if the file cannot be read.
  explicit MappedFile(const std::filesystem::path& file);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace epochal
