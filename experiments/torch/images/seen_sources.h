#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "experiments/torch/images/image_split.h"
#include "framework/base/parameters.h"

namespace epochal {

/// Sources of images that an inspector has looked at: each is opened once for all runs.
class SeenSources {
 public:
  /// The fingerprint of a source that has enough images for the parameters dataset_size and
  /// validation_size. Throws Error if `name` is no source, or has fewer.
  const std::string& look_at(const std::string& name, const Parameters& parameters) {
    Seen& seen = seen_[name];
    if (!seen.source) {
      seen.source = open_image_source(name);
      seen.fingerprint = seen.source->fingerprint();
    }
    split_images(*seen.source, parameters.integer("dataset_size"),
                 parameters.integer("validation_size"),
                 static_cast<std::uint64_t>(parameters.integer("subset_seed")));
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
