// A feature at relu4_1 depends on pixels up to 30 beyond its own 8 x 8, layer by layer: two
// convolutions reach 1 pixel each, two 2, four 4 and one 8; the decoder mirrors that. Four features
// around a tile cover it, and tiles begin at features, so pooling has the same partners.

#include "experiments/adain/tiled_networks.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "experiments/torch/images/image_tensor.h"
#include "experiments/torch/images/tiles.h"
#include "experiments/torch/training/step_memory.h"

namespace epochal::adain {
namespace {

constexpr int kMargin = 4;  // features
constexpr int kSmallestTile = 8;

/// Narrow networks take as much memory for larger tiles.
int default_tile(int width_divisor) {
  constexpr int kAtFullWidth = 64;
  return static_cast<int>(kAtFullWidth * std::sqrt(width_divisor));
}

cv::Rect pixels_of(const cv::Rect& features) {
  return {kPixelsPerFeature * features.x, kPixelsPerFeature * features.y,
          kPixelsPerFeature * features.width, kPixelsPerFeature * features.height};
}

/// The core, seen from where the tile with its margin begins.
cv::Rect core_within(const Tile& tile) {
  return tile.core - tile.around.tl();
}

}  // namespace

cv::Mat padded_for_networks(const cv::Mat& rgb) {
  constexpr int kSmallest = 2 * kPixelsPerFeature;  // reflection needs two features
  const auto missing = [&](int side) {
    const int features = (side + kPixelsPerFeature - 1) / kPixelsPerFeature;
    return std::max(kSmallest, features * kPixelsPerFeature) - side;
  };
  cv::Mat padded;
  cv::copyMakeBorder(rgb, padded, 0, missing(rgb.rows), 0, missing(rgb.cols),
                     cv::BORDER_REFLECT_101);
  return padded;
}

TiledNetworks::TiledNetworks(Encoder encoder, Decoder decoder, torch::Device device,
                             int most_features)
    : encoder_(std::move(encoder)),
      decoder_(std::move(decoder)),
      device_(device),
      most_features_(most_features > 0 ? most_features : default_tile(encoder_->width_divisor())) {}

void TiledNetworks::check_memory_for(const cv::Rect& features) const {
  // Three times the widest layer, at the size of the picture: one read, one written, one padded or
  // reordered by oneDNN; and what OpenBLAS and generated code take.
  constexpr Bytes kFixed = 256 << 20;
  constexpr Bytes kLayers = 3;
  constexpr Bytes kWidest = 64;
  const Bytes pixels = Bytes{pixels_of(features).area()};
  const Bytes layer = pixels * (kWidest / encoder_->width_divisor()) * Bytes{sizeof(float)};
  check_memory(kFixed + kLayers * layer);
}

template <typename Work>
auto TiledNetworks::with_memory_for_tiles(const Work& work) {
  while (true) {
    try {
      return work();
    } catch (const std::exception& error) {
      if (!is_out_of_memory(error) || most_features_ <= kSmallestTile) throw;
      most_features_ = std::max(kSmallestTile, most_features_ / 2);
    }
  }
}

torch::Tensor TiledNetworks::encode(const cv::Mat& rgb, const std::optional<ColourMap>& colours) {
  const torch::NoGradGuard no_grad;
  const cv::Size size(rgb.cols / kPixelsPerFeature, rgb.rows / kPixelsPerFeature);
  return with_memory_for_tiles([&] {
    torch::Tensor features;
    for (const Tile& tile : tiles_of(size, most_features_, kMargin)) {
      check_memory_for(tile.around);
      const torch::Tensor pixels = to_tensor(rgb(pixels_of(tile.around))).to(device_);
      const torch::Tensor encoded = encoder_->deepest(colours ? (*colours)(pixels) : pixels);
      if (!features.defined()) {
        features = torch::empty({1, encoded.size(1), size.height, size.width}, encoded.options());
      }
      part_of(features, tile.core).copy_(part_of(encoded, core_within(tile)));
    }
    return features;
  });
}

cv::Mat TiledNetworks::decode(const torch::Tensor& features, const FeatureMaps& maps) {
  const torch::NoGradGuard no_grad;
  const cv::Size size(static_cast<int>(features.size(3)), static_cast<int>(features.size(2)));
  return with_memory_for_tiles([&] {
    cv::Mat rgb(kPixelsPerFeature * size.height, kPixelsPerFeature * size.width, CV_8UC3);
    for (const Tile& tile : tiles_of(size, most_features_, kMargin)) {
      check_memory_for(tile.around);
      const torch::Tensor decoded = decoder_->forward(apply(maps, features, tile.around));
      to_finite_image(part_of(decoded, pixels_of(core_within(tile))))
          .copyTo(rgb(pixels_of(tile.core)));
    }
    return rgb;
  });
}

}  // namespace epochal::adain
