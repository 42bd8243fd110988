#pragma once

#include <opencv2/core/mat.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace epochal {

/// How the names of generators begin.
inline constexpr std::string_view kGeneratorScheme = "generated:";

/// A numbered collection of images: a folder, or a generator. Reading is safe from many threads.
class ImageSource {
 public:
  virtual ~ImageSource() = default;

  /// How many images there are; an endless source has as many as anyone asks for.
  virtual std::int64_t size() const = 0;

  /// Whether it is a generator without a number of pictures.
  virtual bool is_endless() const { return false; }

  /// Image `index` as 8-bit RGB, shorter side `side` pixels. Throws Error, naming the file.
  virtual cv::Mat load(std::int64_t index, int side) const = 0;

  /// Hash of the contents, not of the place.
  virtual std::string fingerprint() const = 0;

  /// How errors name it.
  virtual const std::string& name() const = 0;
};

/// Opens "generated:scenes", "generated:paintings", the first so many of one
/// ("generated:scenes*500"), a folder with images, which is searched recursively (see image_files),
/// or several of these with " + " between them. Throws Error if there is no such generator or
/// folder, a folder cannot be read or holds no images, or one of several generators has no number.
std::unique_ptr<ImageSource> open_image_source(const std::string& name);

}  // namespace epochal
