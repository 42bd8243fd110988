#pragma once

#include <opencv2/core/mat.hpp>

#include <optional>

#include "experiments/adain/colour_match.h"
#include "experiments/adain/feature_map.h"
#include "experiments/adain/network.h"

namespace epochal::adain {

/// Pixels to a feature at relu4_1, each way.
constexpr int kPixelsPerFeature = 8;

/// 8-bit RGB of any size as the networks take it: right and bottom are reflected to the next
/// multiples of 8, and at least to 16.
cv::Mat padded_for_networks(const cv::Mat& rgb);

/// Encoder and decoder for pictures of any size, in tiles: what they need besides the features is
/// memory for one tile. Tiles overlap by all that a value depends on, so the result is that of the
/// whole picture but for the rounding of float32.
class TiledNetworks {
 public:
  /// Both networks are on `device`. `most_features` is the longest side of a tile in features; 0
  /// chooses what takes about half a gigabyte on a CPU. Where memory runs out, it is halved.
  TiledNetworks(Encoder encoder, Decoder decoder, torch::Device device, int most_features = 0);

  /// relu4_1 [1,C,H/8,W/8] of 8-bit RGB [H,W,3] as padded_for_networks() gives it; `colours`,
  /// if there, is done to its pixels first.
  torch::Tensor encode(const cv::Mat& rgb, const std::optional<ColourMap>& colours = {});

  /// 8-bit RGB [8h,8w,3] of what the maps make of features [1,C,h,w].
  cv::Mat decode(const torch::Tensor& features, const FeatureMaps& maps);

 private:
  /// Throws std::bad_alloc if a tile of so many features would not fit.
  void check_memory_for(const cv::Rect& features) const;

  template <typename Work>
  auto with_memory_for_tiles(const Work& work);

  Encoder encoder_;
  Decoder decoder_;
  torch::Device device_;
  int most_features_;
};

}  // namespace epochal::adain
