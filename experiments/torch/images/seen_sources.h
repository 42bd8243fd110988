#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "experiments/torch/images/image_split.h"

namespace epochal {

/// Sources of images that an inspector has looked at: each is opened once for all runs.
class SeenSources {
 public:
  /// The fingerprint of a source that has enough images. Throws Error if `name` is no source, or
  /// has fewer than `training` and `validation` together.
  const std::string& look_at(const std::string& name, std::int64_t training,
                             std::int64_t validation, std::uint64_t subset_seed) {
    Seen& seen = seen_[name];
    if (!seen.source) {
      seen.source = open_image_source(name);
      seen.fingerprint = seen.source->fingerprint();
    }
    split_images(*seen.source, training, validation, subset_seed);
    return seen.fingerprint;
  }

 private:
  struct Seen {
    std::unique_ptr<ImageSource> source;
    std::string fingerprint;
  };

  std::map<std::string, Seen> seen_;
};

}  // namespace epochal
