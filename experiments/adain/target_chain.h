#pragma once

#include <array>
#include <memory>
#include <unordered_map>
#include <vector>

#include "experiments/adain/gradient.h"
#include "experiments/torch/convolution/network_layers.h"

namespace epochal::adain {

constexpr std::size_t kTaps = kFeatureLayers.size();

/// Means and deviations of styles at relu1_1, relu2_1, relu3_1 and relu4_1.
using StyleMoments = std::array<ChannelMoments, kTaps>;

/// Samples first … end-1 of a batch.
struct BatchPart {
  std::int64_t first;
  std::int64_t end;
};

/// relu4_1 of one content image.
struct ContentFeatures {
  std::shared_ptr<const Activations> features;
  ChannelMoments moments;
};

/// What is known of images by their number, while there is memory for it.
template <typename Known>
class KnownImages {
 public:
  explicit KnownImages(std::int64_t bytes) : bytes_left_(bytes) {}

  /// What is known of it, or else what `make` gives; `measure` says how many bytes that takes.
  template <typename Make, typename Measure>
  Known get(std::int64_t number, const Make& make, const Measure& measure) {
    if (const auto found = known_.find(number); found != known_.end()) return found->second;
    Known made = make();
    const std::int64_t bytes = measure(made);
    if (bytes > bytes_left_) return made;
    bytes_left_ -= bytes;
    return known_.emplace(number, std::move(made)).first->second;
  }

 private:
  std::int64_t bytes_left_;
  std::unordered_map<std::int64_t, Known> known_;
};

/// A frozen encoder as a convolution chain, and what it says of pairs: the statistics of their
/// styles, and the target t = AdaIN(f(c), f(s)) (eq. 8).
class TargetChain {
 public:
  /// Keeps what it says of numbered images in `cache_bytes`.
  TargetChain(Encoder encoder, Precision precision, std::int64_t cache_bytes);

  /// Fills style() and target() for a part of a batch. Runs the chain.
  void look_at(const PairBatch& pairs, BatchPart part);

  const StyleMoments& style() const { return style_; }
  const Activations& target() const { return target_; }

  ConvolutionChain& chain() { return chain_; }
  /// The chain's layer that gives feature level `level`.
  std::size_t layer_of(std::size_t level) const { return taps_.at(level); }

 private:
  void know_style(const torch::Tensor& images, const std::vector<std::int64_t>& numbers,
                  BatchPart part);
  void make_target(const torch::Tensor& images, const std::vector<std::int64_t>& numbers,
                   BatchPart part);
  void write_target(const Activations& features, const ChannelMoments& moments, std::int64_t first);
  StyleMoments style_moments() const;
  void encode(const torch::Tensor& images);

  Encoder module_;
  NetworkLayers layers_;
  ConvolutionChain chain_;
  std::array<std::size_t, kTaps> taps_{};
  StyleMoments style_;
  Activations target_;
  KnownImages<StyleMoments> styles_;
  KnownImages<ContentFeatures> contents_;
};

}  // namespace epochal::adain
