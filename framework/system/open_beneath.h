#pragma once

#include <filesystem>

namespace epochal {

/// A handle that closes itself; -1 if there is none.
class Handle {
 public:
  explicit Handle(int number = -1) : number_(number) {}
  ~Handle();
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  /// A path to open the same file again, even if its name now leads elsewhere.
  std::filesystem::path path() const;

 private:
  int number_;
};

/// Opens a file within a folder, never outside of it and never through a symbolic link. The folder
/// itself may be a link. None, with errno, if it fails. Uses openat2 if the kernel has it.
Handle open_beneath(const std::filesystem::path& folder, const std::filesystem::path& within,
                    int flags);

/// The same for older kernels, folder by folder.
Handle open_step_by_step(const std::filesystem::path& folder, const std::filesystem::path& within,
                         int flags);

}  // namespace epochal
