// mmap with an owner.

#include "experiments/torch/weights/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "framework/base/error.h"

namespace epochal {

MappedFile::MappedFile(const std::filesystem::path& file) {
  // A pipe would keep a reader waiting for a writer.
  const int handle = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (handle < 0) {
    throw Error(std::string("the file cannot be read: ") + std::strerror(errno), file,
                "check the path");
  }
  struct stat status {};
  const bool is_file = fstat(handle, &status) == 0 && S_ISREG(status.st_mode);
  const auto size = static_cast<std::size_t>(status.st_size);
  void* memory = nullptr;
  if (is_file && size > 0) memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, handle, 0);
  close(handle);
  if (!is_file) throw Error("this is not a file", file, "name a file");
  if (memory == MAP_FAILED) throw Error("the file cannot be mapped", file);
  if (memory != nullptr) bytes_ = {static_cast<const std::byte*>(memory), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace epochal
