// Nested subsets and a validation set that no size touches.

#include "experiments/torch/images/image_split.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/error.h"
#include "framework/base/keyed_random.h"

namespace epochal {

ImageSplit split_images(const ImageSource& source, std::int64_t training, std::int64_t validation,
                        std::uint64_t subset_seed) {
  const std::int64_t wanted = training + validation;
  if (source.size() < wanted) {
    throw Error(
        fmt::format("there are {} images, but {} are needed: {} to train and {} to validate",
                    source.size(), wanted, training, validation),
        source.name(), "choose a smaller dataset_size or a folder with more images");
  }
  std::vector<std::int64_t> order;
  if (source.is_endless()) {
    // A generator's pictures are all alike by chance: consecutive ones serve, in their own order.
    constexpr std::int64_t kApart = 10'000'000;
    for (std::int64_t i = 0; i < wanted; ++i) {
      order.push_back(static_cast<std::int64_t>(subset_seed % 100) * kApart + i);
    }
  } else {
    order = keyed_permutation(source.size(), {subset_seed});
  }

  ImageSplit split;
  split.validation.assign(order.begin(), order.begin() + validation);
  split.training.assign(order.begin() + validation, order.begin() + wanted);
  return split;
}

}  // namespace epochal
