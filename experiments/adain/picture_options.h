#pragma once

#include <opencv2/core/mat.hpp>

#include <filesystem>
#include <functional>

#include "experiments/torch/verb_options.h"

namespace epochal::adain {

/// Sides, in pixels, that a command takes of pictures as they are worked on.
struct SideLimits {
  int smallest;
  int largest;
};

/// Declares --size.
void add_size_option(VerbOptions& options);

/// --size: the shorter side that pictures are scaled to, 0 for as they are. Throws Error.
int size_of(const VerbOptions& options);

/// Reads an image and scales its shorter side to `size`, unless that is 0; draws a generated
/// picture (see load_picture) in that size, or in 512 pixels. Throws Error, naming the file, if a
/// side would then be beyond the limits.
cv::Mat read_scaled(const std::filesystem::path& file, int size, SideLimits limits);

/// What work() returns; where memory runs out, throws an Error that names --size.
int naming_size(const std::function<int()>& work);

}  // namespace epochal::adain
