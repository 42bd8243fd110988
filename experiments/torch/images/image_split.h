#pragma once

#include <cstdint>
#include <vector>

#include "experiments/torch/images/image_source.h"

namespace epochal {

/// Which images of a source a run trains on and which it validates on.
///
/// One keyed shuffle of the whole source decides: the first `validation` images of it are the
/// validation set, the next ones train. So subsets are nested (the 100 images are among the 1000),
/// and the validation set is the same for every size and apart from all of them. A `dataset_seed`
/// above 0 shuffles the images that do not validate once more, so that it draws other training
/// images, again nested, for the same validation set.
struct ImageSplit {
  std::vector<std::int64_t> training;
  std::vector<std::int64_t> validation;
};

/// Throws Error, saying how many there are, if the source has too few images.
ImageSplit split_images(const ImageSource& source, std::int64_t training, std::int64_t validation,
                        std::uint64_t subset_seed, std::uint64_t dataset_seed = 0);

}  // namespace epochal
