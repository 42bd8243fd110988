// What a frozen encoder says of pairs, and keeps of images that come again.

#include "experiments/adain/target_chain.h"

#include <array>
#include <cstring>

namespace epochal::adain {
namespace {

/// Of a group: those of sixteen lanes in each plane.
constexpr std::size_t kMostChannels = 16 * kMaxChannelsAtOnce;

std::shared_ptr<const Activations> copy_of(const Activations& activations) {
  const auto copy = std::make_shared<Activations>(activations.format());
  copy->resize(activations.shape());
  copy->set_rectified(activations.view(0).rectified);
  std::memcpy(copy->data(), activations.data(), activations.bytes());
  return copy;
}

std::int64_t bytes_of_moments(const ChannelMoments& moments) {
  return static_cast<std::int64_t>(2 * moments.mean.size() * sizeof(double));
}
std::int64_t bytes_of_style(const StyleMoments& style) {
  std::int64_t bytes = 0;
  for (const ChannelMoments& moments : style) bytes += bytes_of_moments(moments);
  return bytes;
}
std::int64_t bytes_of_content(const ContentFeatures& content) {
  return static_cast<std::int64_t>(content.features->bytes()) + bytes_of_moments(content.moments);
}

void append(ChannelMoments& moments, const ChannelMoments& more) {
  moments.mean.insert(moments.mean.end(), more.mean.begin(), more.mean.end());
  moments.deviation.insert(moments.deviation.end(), more.deviation.begin(), more.deviation.end());
}

}  // namespace

TargetChain::TargetChain(Encoder encoder, Precision precision, std::int64_t cache_bytes)
    : module_(std::move(encoder)),
      layers_(layers_of(*module_)),
      chain_(layers_.layers, precision, ConvolutionChain::Trained::nothing),
      target_(ConvolutionChain::format(precision)),
      styles_(cache_bytes / 8),
      contents_(cache_bytes - cache_bytes / 8) {
  for (std::size_t level = 0; level < kTaps; ++level) {
    taps_.at(level) = layers_.layer_of_child.at(kFeatureLayers.at(level));
  }
}

void TargetChain::look_at(const PairBatch& pairs, BatchPart part) {
  know_style(pairs.style, pairs.style_numbers, part);
  make_target(pairs.content, pairs.content_numbers, part);
}

/// Fills style_ for a part.
void TargetChain::know_style(const torch::Tensor& images, const std::vector<std::int64_t>& numbers,
                             BatchPart part) {
  if (numbers.empty()) {
    encode(images.narrow(0, part.first, part.end - part.first));
    style_ = style_moments();
    return;
  }
  for (ChannelMoments& moments : style_) moments = {};
  for (std::int64_t i = part.first; i < part.end; ++i) {
    const auto look = [&] {
      encode(images.narrow(0, i, 1));
      return style_moments();
    };
    const StyleMoments known =
        styles_.get(numbers[static_cast<std::size_t>(i)], look, bytes_of_style);
    for (std::size_t tap = 0; tap < kTaps; ++tap) append(style_.at(tap), known.at(tap));
  }
}

/// t = AdaIN(f(c), f(s)), eq. 8, for a part.
void TargetChain::make_target(const torch::Tensor& images, const std::vector<std::int64_t>& numbers,
                              BatchPart part) {
  if (numbers.empty()) {
    encode(images.narrow(0, part.first, part.end - part.first));
    target_.resize(chain_.output().shape());
    const ChannelMoments moments = channel_moments(chain_.output(), kVarianceEps);
    write_target(chain_.output(), moments, 0);
    return;
  }
  for (std::int64_t i = part.first; i < part.end; ++i) {
    const auto look = [&] {
      encode(images.narrow(0, i, 1));
      return ContentFeatures{copy_of(chain_.output()),
                             channel_moments(chain_.output(), kVarianceEps)};
    };
    const ContentFeatures known =
        contents_.get(numbers[static_cast<std::size_t>(i)], look, bytes_of_content);
    BatchShape shape = known.features->shape();
    shape.samples = part.end - part.first;
    target_.resize(shape);
    write_target(*known.features, known.moments, i - part.first);
  }
}

/// The targets of samples first … of target_, for these content features.
void TargetChain::write_target(const Activations& features, const ChannelMoments& moments,
                               std::int64_t first) {
  const std::int64_t first_group = first * features.groups_per_sample();
  const ChannelMoments& wanted = style_.back();
  for_groups(features.groups(), [&](std::int64_t group) {
    std::array<float, kMostChannels> factor{};
    std::array<float, kMostChannels> offset{};
    const PlaneView view = features.view(group);
    const std::size_t of_content = features.first_channel(group);
    const std::size_t of_style = target_.first_channel(first_group + group);
    const auto channels = static_cast<std::size_t>(view.planes * features.kernels().lanes);
    for (std::size_t i = 0; i < channels; ++i) {
      const double ratio = wanted.deviation[of_style + i] / moments.deviation[of_content + i];
      factor.at(i) = static_cast<float>(ratio);
      offset.at(i) =
          static_cast<float>(wanted.mean[of_style + i] - ratio * moments.mean[of_content + i]);
    }
    features.kernels().scale(view, {offset.data(), factor.data()},
                             target_.group(first_group + group));
  });
}

StyleMoments TargetChain::style_moments() const {
  StyleMoments moments;
  for (std::size_t tap = 0; tap < kTaps; ++tap) {
    moments.at(tap) = channel_moments(chain_.output(taps_.at(tap)), kVarianceEps);
  }
  return moments;
}

void TargetChain::encode(const torch::Tensor& images) {
  chain_.forward(images.data_ptr<float>(),
                 {images.size(0),
                  images.size(1),
                  {static_cast<int>(images.size(2)), static_cast<int>(images.size(3))}});
}

}  // namespace epochal::adain
