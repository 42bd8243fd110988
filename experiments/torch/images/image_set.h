#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "experiments/torch/images/cached_images.h"
#include "experiments/torch/images/image_split.h"
#include "experiments/torch/images/left_out_images.h"

namespace epochal {

/// Which images a training takes of a source, and how it keeps them.
struct ImageSetPlan {
  std::int64_t training = 0;    ///< images
  std::int64_t validation = 0;  ///< images, never trained on
  std::uint64_t subset_seed = 0;
  int side = 0;            ///< shorter side in pixels to which images are resized
  Bytes cache = 0;         ///< memory for decoded images, of training and validation each
  double most_unreadable;  ///< share of them that may be left out as damaged
  std::uint64_t dataset_seed = 0;
};

/// One kind of images: where they come from and which of them are for what.
struct ImageSet {
  /// Throws Error if `name` is no source, or has too few images.
  ImageSet(const std::string& name, const ImageSetPlan& plan)
      : source(open_image_source(name)),
        split(split_images(*source, plan.training, plan.validation, plan.subset_seed,
                           plan.dataset_seed)),
        training(*source, split.training, plan.side, plan.cache),
        validation(*source, split.validation, plan.side, plan.cache),
        left_out({&training, &validation}, plan.most_unreadable) {}

  /// Memory that it will yet take.
  Bytes bytes_to_come() const { return training.bytes_to_come() + validation.bytes_to_come(); }

  std::unique_ptr<ImageSource> source;
  ImageSplit split;
  CachedImages training;
  CachedImages validation;
  LeftOutImages left_out;
};

}  // namespace epochal
