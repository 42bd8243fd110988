// From a file's name and --size to the pixels that are worked on.

#include "experiments/adain/picture_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/torch/images/image_file.h"
#include "experiments/torch/images/named_pictures.h"
#include "experiments/torch/training/step_memory.h"
#include "framework/base/error.h"

namespace epochal::adain {
namespace {

constexpr int kSmallestSize = 16;
constexpr int kDefaultSize = 512;
constexpr int kLargestSize = 4096;

}  // namespace

void add_size_option(VerbOptions& options) {
  options.add()("size",
                boost::program_options::value<int>()->default_value(kDefaultSize)->value_name("N"),
                "shorter side of all images in pixels; 0 keeps them as they are");
}

int size_of(const VerbOptions& options) {
  const int size = options.integer("size");
  if (size == 0 || (size >= kSmallestSize && size <= kLargestSize)) return size;
  throw Error(fmt::format("--size {} is out of range", size), {},
              fmt::format("give 0, or {} to {}", kSmallestSize, kLargestSize));
}

cv::Mat read_scaled(const std::filesystem::path& file, int size, SideLimits limits) {
  if (is_generated_picture(file.native())) {
    return load_picture(file.native(), size == 0 ? kDefaultSize : size);
  }
  const cv::Mat image = read_image(file);
  const double scale =
      size == 0 ? 1.0 : static_cast<double>(size) / std::min(image.rows, image.cols);
  // Before it is scaled: a line of pixels would become an image that fits into no memory.
  const auto scaled = [&](int side) { return std::lround(side * scale); };
  const auto [shorter, longer] = std::minmax({scaled(image.cols), scaled(image.rows)});
  if (shorter < limits.smallest || longer > limits.largest) {
    throw Error(fmt::format("the image {} {} x {} pixels{}, but sides must be {} to {}",
                            size == 0 ? "is" : "would be", scaled(image.cols), scaled(image.rows),
                            size == 0 ? "" : fmt::format(" with --size {}", size), limits.smallest,
                            limits.largest),
                file, "give another --size");
  }
  return size == 0 ? image : resize_shorter_side(image, size);
}

int naming_size(const std::function<int()>& work) {
  try {
    constexpr Bytes kLibraries = 256 << 20;
    check_memory(kLibraries);
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    if (!is_out_of_memory(error)) throw;
    throw Error("there is not enough memory for pictures of this size", {},
                "give a smaller --size, or close other programs");
  }
}

}  // namespace epochal::adain
