// Folders of image files and generators behind one contract.

#include "experiments/torch/images/image_source.h"

#include <fmt/format.h>

#include <filesystem>
#include <limits>
#include <set>
#include <stdexcept>
#include <vector>

#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/images/image_file.h"
#include "experiments/torch/images/image_folder.h"
#include "framework/base/content_hashes.h"
#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/base/parsed_number.h"
#include "framework/base/sha256.h"
#include "framework/plugin/parameter.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

class Folder : public ImageSource {
 public:
  explicit Folder(std::string name) : name_(std::move(name)), files_(image_files(name_)) {
    if (files_.empty()) {
      throw Error("the folder has no images", name_, "name a folder with JPEG or PNG files");
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

/// More than anyone asks for.
constexpr std::int64_t kEndless = std::numeric_limits<std::int32_t>::max();

class Generated : public ImageSource {
 public:
  /// `name` as errors call it; `size` is how many pictures of the kind there are.
  Generated(std::string name, GeneratorKind kind, std::int64_t size)
      : name_(std::move(name)), kind_(kind), size_(size) {}

  std::int64_t size() const override { return size_; }
  bool is_endless() const override { return size_ == kEndless; }

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
  std::int64_t size_;
};

/// The images of several sources, one source after the other.
class Joined : public ImageSource {
 public:
  Joined(std::string name, std::vector<std::unique_ptr<ImageSource>> parts)
      : name_(std::move(name)), parts_(std::move(parts)) {
    for (const auto& part : parts_) {
      if (part->is_endless()) {
        throw Error(fmt::format("{} is endless, so it cannot be joined with others", part->name()),
                    {}, fmt::format("limit the number of its pictures: {}*500", part->name()));
      }
      size_ += part->size();
    }
  }

  std::int64_t size() const override { return size_; }

  cv::Mat load(std::int64_t index, int side) const override {
    for (const auto& part : parts_) {
      if (index < part->size()) return part->load(index, side);
      index -= part->size();
    }
    throw std::logic_error("an image beyond the last one was asked for");
  }

  std::string fingerprint() const override {
    std::vector<std::string> prints;
    for (const auto& part : parts_) prints.push_back(part->fingerprint());
    return fmt::format("{}", fmt::join(prints, " + "));
  }

  const std::string& name() const override { return name_; }

 private:
  std::string name_;
  std::vector<std::unique_ptr<ImageSource>> parts_;
  std::int64_t size_ = 0;
};

/// "generated:KIND" or "generated:KIND*NUMBER".
std::unique_ptr<ImageSource> open_generator(const std::string& name) {
  const std::string what = name.substr(kGeneratorScheme.size());
  const std::size_t star = what.find('*');
  const auto kind = generator_kind(what.substr(0, star));
  if (!kind) {
    const std::vector<std::string> known{"generated:scenes", "generated:paintings"};
    throw Error(fmt::format("there is no image generator '{}'", name.substr(0, 80)), {},
                name_hint(name, known));
  }
  if (star == std::string::npos) return std::make_unique<Generated>(name, *kind, kEndless);
  const auto size =
      parsed_number<std::int64_t>(std::string_view(what).substr(star + 1)).value_or(0);
  constexpr std::int64_t kMost = 10'000'000;
  if (size < 1 || size > kMost) {
    throw Error(fmt::format("'{}' has no number of pictures", name.substr(0, 80)), {},
                "write a number from 1 to 10000000 after the star: generated:scenes*500");
  }
  return std::make_unique<Generated>(name, *kind, size);
}

std::unique_ptr<ImageSource> open_one(const std::string& name) {
  if (name.starts_with(kGeneratorScheme)) return open_generator(name);
  return std::make_unique<Folder>(name);
}

/// Images that come twice would validate what they train.
void check_named_once(const std::vector<std::string>& names) {
  std::set<fs::path> seen;
  for (const std::string& name : names) {
    std::error_code error;
    const bool is_generator = name.starts_with(kGeneratorScheme);
    const fs::path place = is_generator ? fs::path(name.substr(0, name.find('*')))
                                        : fs::weakly_canonical(fs::absolute(name, error), error);
    if (seen.insert(place).second) continue;
    throw Error(fmt::format("'{}' is joined with itself", name.substr(0, 80)), {},
                "name each source once");
  }
}

}  // namespace

std::unique_ptr<ImageSource> open_image_source(const std::string& name) {
  const std::vector<std::string> names = joined_paths(name);
  if (names.size() == 1) return open_one(name);
  std::vector<std::unique_ptr<ImageSource>> parts;
  for (const std::string& part : names) {
    if (part.empty()) {
      throw Error(fmt::format("'{}' names no source on one side of a +", name.substr(0, 80)), {},
                  "name a folder or a generator on both sides");
    }
    parts.push_back(open_one(part));
  }
  check_named_once(names);
  return std::make_unique<Joined>(name, std::move(parts));
}

}  // namespace epochal
