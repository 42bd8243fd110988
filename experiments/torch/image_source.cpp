// Folders of image files and generators behind one contract.

#include "experiments/torch/image_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <vector>

#include "experiments/torch/content_hashes.h"
#include "experiments/torch/generated_images.h"
#include "experiments/torch/image_file.h"
#include "framework/plugin/error.h"
#include "framework/plugin/nearest_name.h"
#include "framework/plugin/sha256.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kScheme = "generated:";

bool is_image_name(const fs::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  constexpr std::array<std::string_view, 7> kKnown{".jpg", ".jpeg", ".png", ".webp",
                                                   ".bmp", ".tif",  ".tiff"};
  return std::find(kKnown.begin(), kKnown.end(), extension) != kKnown.end();
}

/// Images below `folder`, by relative path in byte order, which no locale changes.
std::vector<fs::path> image_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_regular_file(error) && is_image_name(entry->path())) {
      files.push_back(entry->path().lexically_relative(folder));
    }
  }
  if (error) throw Error("the folder cannot be read: " + error.message(), folder, "check its path");
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
  return files;
}

class Folder : public ImageSource {
 public:
  explicit Folder(std::string name) : name_(std::move(name)), files_(image_files(name_)) {
    if (files_.empty()) {
      throw Error("the folder holds no images", name_, "name a folder with JPEG or PNG files");
    }
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(files_.size()); }

  cv::Mat load(std::int64_t index, int side) const override {
    return read_image_scaled(name_ / files_.at(static_cast<std::size_t>(index)), side);
  }

  std::string fingerprint() const override {
    const std::vector<std::string> hashes = content_hashes(name_, files_);
    Sha256 hash;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      hash.add(files_[i].native());
      hash.add(std::string_view("\0", 1));
      hash.add(hashes[i]);
    }
    return hash.hex();
  }

  const std::string& name() const override { return text_; }

 private:
  fs::path name_;
  std::string text_ = name_.string();
  std::vector<fs::path> files_;
};

class Generated : public ImageSource {
 public:
  explicit Generated(std::string name)
      : name_(std::move(name)), kind_(*generator_kind(name_.substr(kScheme.size()))) {}

  std::int64_t size() const override { return std::numeric_limits<std::int32_t>::max(); }

  cv::Mat load(std::int64_t index, int side) const override {
    return generate_image(kind_, static_cast<std::uint64_t>(index), side);
  }

  std::string fingerprint() const override {
    return fmt::format("{}, version {}", name_, kGeneratorVersion);
  }

  const std::string& name() const override { return name_; }

 private:
  std::string name_;
  GeneratorKind kind_;
};

}  // namespace

std::unique_ptr<ImageSource> open_image_source(const std::string& name) {
  if (!name.starts_with(kScheme)) return std::make_unique<Folder>(name);
  if (!generator_kind(name.substr(kScheme.size()))) {
    const std::vector<std::string> known{"generated:scenes", "generated:paintings"};
    throw Error(fmt::format("there is no image generator '{}'", name.substr(0, 80)), {},
                name_hint(name, known));
  }
  return std::make_unique<Generated>(name);
}

}  // namespace epochal
