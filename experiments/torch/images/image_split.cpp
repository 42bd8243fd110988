// Nested subsets and a validation set that no size touches.

#include "experiments/torch/images/image_split.h"

#include <fmt/format.h>

#include "framework/base/error.h"
#include "framework/base/keyed_random.h"

namespace epochal {
namespace {

/// Shuffles all but the first `kept` images.
void shuffle_tail(std::vector<std::int64_t>& order, std::int64_t kept,
                  std::initializer_list<std::uint64_t> key) {
  const std::vector<std::int64_t> before(order.begin() + kept, order.end());
  const auto places = keyed_permutation(static_cast<std::int64_t>(before.size()), key);
  for (std::size_t i = 0; i < before.size(); ++i) {
    order[static_cast<std::size_t>(kept) + i] = before[static_cast<std::size_t>(places[i])];
  }
}

}  // namespace

ImageSplit split_images(const ImageSource& source, std::int64_t training, std::int64_t validation,
                        std::uint64_t subset_seed, std::uint64_t dataset_seed) {
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
    constexpr std::uint64_t kSubsets = 100;
    const std::uint64_t subset = subset_seed % kSubsets;
    for (std::int64_t i = 0; i < wanted; ++i) {
      const std::uint64_t block =
          i < validation || dataset_seed == 0 ? subset : (dataset_seed + 1) * kSubsets + subset;
      order.push_back(static_cast<std::int64_t>(block) * kApart + i);
    }
  } else {
    order = keyed_permutation(source.size(), {subset_seed});
    if (dataset_seed > 0) shuffle_tail(order, validation, {subset_seed, dataset_seed});
  }

  ImageSplit split;
  split.validation.assign(order.begin(), order.begin() + validation);
  split.training.assign(order.begin() + validation, order.begin() + wanted);
  return split;
}

}  // namespace epochal
