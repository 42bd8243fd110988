#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace epochal {

/// A file that takes the place of what has its name only once it is whole and durable: until then,
/// and should anything fail, that stays as it is. All calls throw std::system_error.
class ReplacedFile {
 public:
  explicit ReplacedFile(const std::filesystem::path& file);
  ~ReplacedFile();
  ReplacedFile(const ReplacedFile&) = delete;
  ReplacedFile& operator=(const ReplacedFile&) = delete;

  void write(std::span<const std::byte> bytes);

  /// The last call.
  void give_name();

 private:
  std::filesystem::path file_;
  std::filesystem::path temporary_;
  int descriptor_;
  bool has_name_ = false;
};

}  // namespace epochal
