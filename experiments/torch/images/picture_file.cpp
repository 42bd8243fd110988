// Encodes with OpenCV, writes beside the file, and gives it its name last.

#include "experiments/torch/images/picture_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "experiments/torch/images/image_file.h"
#include "experiments/torch/replaced_file.h"
#include "framework/base/content.h"
#include "framework/base/disk_full.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 6> kEndings{"png", "jpg", "jpeg", "webp", "tif", "tiff"};

std::string ending(const fs::path& file) {
  return ending_of(file.filename().native());
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

[[noreturn]] void cannot_write(const fs::path& file, const std::string& why) {
  throw Error("the picture cannot be written: " + why, file, "choose another file");
}

/// The file that a link stands for, be it there or not, so that the link stays one.
fs::path behind_links(const fs::path& file) {
  constexpr int kMost = 40;  // as many as the kernel follows
  fs::path target = file;
  std::error_code error;
  for (int links = 0; fs::is_symlink(target, error); ++links) {
    if (links == kMost) cannot_write(file, "it is a link that leads to itself");
    target = folder_of(target) / fs::read_symlink(target);
  }
  return target;
}

std::vector<std::byte> encoded(const fs::path& file, const cv::Mat& rgb) {
  std::vector<std::byte> bytes;
  try {
    bytes = encode_image(rgb, "." + ending(file),
                         {cv::IMWRITE_PNG_COMPRESSION, 6, cv::IMWRITE_JPEG_QUALITY, 95,
                          cv::IMWRITE_WEBP_QUALITY, 95});
  } catch (const cv::Exception&) {  // said below
  }
  if (!bytes.empty()) return bytes;
  cannot_write(file,
               fmt::format("{} x {} pixels cannot be stored in this format", rgb.cols, rgb.rows));
}

/// Which file it is, whatever its name.
std::optional<std::pair<dev_t, ino_t>> identity_of(const fs::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return std::nullopt;
  return std::pair(status.st_dev, status.st_ino);
}

}  // namespace

bool has_picture_extension(const fs::path& file) {
  return std::find(kEndings.begin(), kEndings.end(), ending(file)) != kEndings.end();
}

bool are_same_format(const fs::path& one, const fs::path& other) {
  const auto format = [](const fs::path& file) {
    const std::string own = ending(file);
    if (own == "jpeg") return std::string("jpg");
    return own == "tiff" ? std::string("tif") : own;
  };
  return format(one) == format(other);
}

void check_picture_place(const fs::path& file) {
  if (!has_picture_extension(file)) {
    throw Error("the extension of this name is not a known picture format", file,
                fmt::format("use one of .{}", fmt::join(kEndings, ", .")));
  }
  std::error_code error;
  const fs::path target = behind_links(file);
  const fs::file_status status = fs::status(target, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    cannot_write(file, fs::is_directory(status) ? "it is a folder" : "it is not a regular file");
  }
  const fs::path folder = folder_of(target);
  if (!fs::is_directory(folder, error)) {
    cannot_write(file, fs::exists(folder, error) ? folder.string() + " is not a folder"
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
    throw Error("this would overwrite an input image", file, "choose another file");
  }
}

bool are_same_file(const fs::path& one, const fs::path& other) {
  std::error_code error;
  const auto place = [&](const fs::path& file) {
    return fs::weakly_canonical(fs::absolute(behind_links(file), error), error);
  };
  return place(one) == place(other);
}

void write_picture(const fs::path& file, const cv::Mat& rgb) {
  const std::vector<std::byte> bytes = encoded(file, rgb);
  try {
    ReplacedFile picture(behind_links(file));
    picture.write(bytes);
    picture.give_name();
  } catch (const std::system_error& error) {
    if (is_want_of_room(error.code())) throw DiskFull(file);
    cannot_write(file, error.code().message());
  }
}

}  // namespace epochal
