// AdaIN as an affine map of each channel, so that it needs statistics, not features, of the style.

#include "experiments/adain/feature_map.h"

namespace epochal::adain {
namespace {

/// AdaIN(x, y) = scale * x + offset (eq. 8).
FeatureMap map_between(const ChannelStats& content, const ChannelStats& style) {
  FeatureMap map;
  map.scale = style.deviation / content.deviation;
  map.offset = style.mean - map.scale * content.mean;
  return map;
}

/// channel_stats() where each feature counts as much as its share says.
ChannelStats stats_within(const torch::Tensor& features, const torch::Tensor& share) {
  const torch::Tensor total = share.sum();
  const double count = static_cast<double>(share.numel());
  // One channel after the other: all at once would be another copy of the features.
  ChannelStats stats{torch::empty({1, features.size(1), 1, 1}, features.options()),
                     torch::empty({1, features.size(1), 1, 1}, features.options())};
  for (std::int64_t channel = 0; channel < features.size(1); ++channel) {
    const torch::Tensor values = features[0][channel];
    const torch::Tensor mean = (values * share[0][0]).sum() / total;
    const torch::Tensor squares = (share[0][0] * (values - mean).square()).sum();
    // Unbiased as that of the whole, of which this is the same where shares are 1.
    const torch::Tensor variance = squares / (total * ((count - 1) / count));
    stats.mean[0][channel][0][0] = mean;
    stats.deviation[0][channel][0][0] = (variance + kVarianceEps).sqrt();
  }
  return stats;
}

}  // namespace

FeatureMaps blended(const ChannelStats& content, const std::vector<ChannelStats>& styles,
                    const std::vector<double>& weights) {
  FeatureMap sum;
  for (std::size_t i = 0; i < styles.size(); ++i) {
    const FeatureMap map = map_between(content, styles[i]);
    const torch::Tensor scale = weights[i] * map.scale;
    const torch::Tensor offset = weights[i] * map.offset;
    sum.scale = sum.scale.defined() ? sum.scale + scale : scale;
    sum.offset = sum.offset.defined() ? sum.offset + offset : offset;
  }
  return {sum};
}

FeatureMaps masked(const torch::Tensor& features, const ChannelStats& content,
                   const std::vector<ChannelStats>& styles,
                   const std::vector<torch::Tensor>& shares) {
  FeatureMaps maps;
  for (std::size_t i = 0; i < styles.size(); ++i) {
    const torch::Tensor& share = shares[i];
    if (share.max().item<float>() <= 0) continue;  // nowhere
    if (share.min().item<float>() >= 1) return {map_between(content, styles[i])};
    FeatureMap map = map_between(stats_within(features, share), styles[i]);
    map.share = share;
    maps.push_back(map);
  }
  return maps;
}

FeatureMaps with_strength(FeatureMaps maps, double alpha) {
  for (FeatureMap& map : maps) {
    map.scale = alpha * map.scale + (1 - alpha);
    map.offset = alpha * map.offset;
  }
  return maps;
}

torch::Tensor part_of(const torch::Tensor& features, const cv::Rect& area) {
  return features.slice(2, area.y, area.br().y).slice(3, area.x, area.br().x);
}

torch::Tensor apply(const FeatureMaps& maps, const torch::Tensor& features, const cv::Rect& area) {
  const torch::Tensor part = part_of(features, area);
  torch::Tensor sum;
  for (const FeatureMap& map : maps) {
    torch::Tensor made = map.scale * part + map.offset;
    if (map.share.defined()) made = part_of(map.share, area) * made;
    sum = sum.defined() ? sum + made : made;
  }
  return sum;
}

}  // namespace epochal::adain
