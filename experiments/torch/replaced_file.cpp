// Written beside the file, and renamed last.

#include "experiments/torch/replaced_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace epochal {
namespace {

[[noreturn]] void fail() {
  throw std::system_error(errno, std::generic_category());
}

}  // namespace

ReplacedFile::ReplacedFile(const std::filesystem::path& file)
    : file_(file),
      temporary_(file.parent_path() / fmt::format(".epochal-{}.part", getpid())),
      descriptor_(open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) fail();
}

ReplacedFile::~ReplacedFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!has_name_) unlink(temporary_.c_str());
}

void ReplacedFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail();
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void ReplacedFile::give_name() {
  if (fsync(descriptor_) != 0) fail();
  const int result = close(descriptor_);
  descriptor_ = -1;
  if (result != 0 || rename(temporary_.c_str(), file_.c_str()) != 0) fail();
  has_name_ = true;
}

}  // namespace epochal
