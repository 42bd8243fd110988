// Encodes with OpenCV, writes beside the file, and gives it its name last.

#include "experiments/torch/picture_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <set>
#include <utility>

#include "framework/plugin/error.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

std::string lower_extension(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return extension;
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// The file that a link stands for, so that the link stays one.
fs::path behind_links(const fs::path& file) {
  std::error_code error;
  if (!fs::is_symlink(file, error)) return file;
  fs::path target = fs::weakly_canonical(file, error);
  return error ? file : target;
}

[[noreturn]] void cannot_write(const fs::path& file, const std::string& why) {
  throw Error("the picture cannot be written: " + why, file, "choose another file");
}

std::vector<unsigned char> encoded(const fs::path& file, const cv::Mat& rgb) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<unsigned char> bytes;
  bool is_encoded = false;
  try {
    is_encoded = cv::imencode(lower_extension(file), bgr, bytes,
                              {cv::IMWRITE_PNG_COMPRESSION, 6, cv::IMWRITE_JPEG_QUALITY, 95,
                               cv::IMWRITE_WEBP_QUALITY, 95});
  } catch (const cv::Exception&) {
    is_encoded = false;  // said below
  }
  if (is_encoded && !bytes.empty()) return bytes;
  cannot_write(file, fmt::format("{} x {} pixels do not go into this format", rgb.cols, rgb.rows));
}

/// Which file it is, whatever its name.
std::optional<std::pair<dev_t, ino_t>> identity_of(const fs::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return std::nullopt;
  return std::pair(status.st_dev, status.st_ino);
}

/// An open file that is removed unless it is given its name.
class FileToBe {
 public:
  explicit FileToBe(const fs::path& file)
      : file_(file),
        temporary_(folder_of(file) / fmt::format(".epochal-{}.part", getpid())),
        descriptor_(open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail();
  }
  FileToBe(const FileToBe&) = delete;
  FileToBe& operator=(const FileToBe&) = delete;
  ~FileToBe() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!has_name_) unlink(temporary_.c_str());
  }

  void write(const std::vector<unsigned char>& bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
      const ssize_t count = ::write(descriptor_, &bytes[written], bytes.size() - written);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail();
      written += static_cast<std::size_t>(count);
    }
    if (fsync(descriptor_) != 0) fail();
  }

  void give_name() {
    const int result = close(descriptor_);
    descriptor_ = -1;
    if (result != 0 || rename(temporary_.c_str(), file_.c_str()) != 0) fail();
    has_name_ = true;
  }

 private:
  [[noreturn]] void fail() const { cannot_write(file_, std::strerror(errno)); }

  fs::path file_;
  fs::path temporary_;
  int descriptor_;
  bool has_name_ = false;
};

}  // namespace

const std::vector<std::string>& picture_extensions() {
  static const std::vector<std::string> known{".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"};
  return known;
}

bool has_picture_extension(const fs::path& file) {
  const std::vector<std::string>& known = picture_extensions();
  return std::find(known.begin(), known.end(), lower_extension(file)) != known.end();
}

void check_picture_place(const fs::path& file) {
  if (!has_picture_extension(file)) {
    throw Error("no picture format is known by the end of this name", file,
                fmt::format("end it in one of {}", fmt::join(picture_extensions(), ", ")));
  }
  std::error_code error;
  const fs::path target = behind_links(file);
  const fs::file_status status = fs::status(target, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    cannot_write(file, fs::is_directory(status) ? "it is a folder" : "it is no regular file");
  }
  const fs::path folder = folder_of(target);
  if (!fs::is_directory(folder, error)) {
    cannot_write(file, fs::exists(folder, error) ? folder.string() + " is no folder"
                                                 : "there is no folder " + folder.string());
  }
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    cannot_write(file, fmt::format("{}: {}", folder.string(), std::strerror(errno)));
  }
}

void check_not_overwritten(const std::vector<fs::path>& inputs,
                           const std::vector<fs::path>& outputs) {
  std::set<std::pair<dev_t, ino_t>> read;
  for (const fs::path& file : inputs) {
    if (const auto identity = identity_of(file)) read.insert(*identity);
  }
  for (const fs::path& file : outputs) {
    const auto identity = identity_of(file);
    if (!identity || !read.contains(*identity)) continue;
    throw Error("an image that is read would be overwritten", file, "choose another file");
  }
}

void write_picture(const fs::path& file, const cv::Mat& rgb) {
  FileToBe picture(behind_links(file));
  picture.write(encoded(file, rgb));
  picture.give_name();
}

}  // namespace epochal
