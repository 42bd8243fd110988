#pragma once

#include <memory>
#include <vector>

#include "experiments/adain/losses.h"
#include "experiments/torch/training/precision.h"

namespace epochal::adain {

/// Content and style images of one step: float [N,3,S,S], RGB in [0,1].
struct PairBatch {
  torch::Tensor content;
  torch::Tensor style;
  /// Which images these are, where the same number always means the same pixels; else empty.
  std::vector<std::int64_t> content_numbers;
  std::vector<std::int64_t> style_numbers;
};

/// How losses are computed.
struct GradientSettings {
  double gamma = 1;              ///< weight of the style loss
  std::int64_t micro_batch = 1;  ///< pairs in memory at a time
  Precision precision = Precision::float32;
  std::int64_t cache_bytes = 0;   ///< for what is known of numbered images
  Encoder loss_encoder{nullptr};  ///< losses are measured with it; none: with the one that encodes
};

/// Losses of batches of pairs and their gradient, for one encoder and one decoder.
class LossGradient {
 public:
  virtual ~LossGradient() = default;

  /// The losses of a batch and of each of its pairs, without gradient.
  virtual PairLosses losses_by_pair(const PairBatch& pairs) = 0;

  /// The losses of a batch, without gradient.
  Losses losses(const PairBatch& pairs) { return losses_by_pair(pairs).mean; }

  /// Also the losses of a batch, and adds the gradient of their total to the decoder's. Each loss
  /// is a mean over samples, so parts of a batch weighted by their share give the gradient of the
  /// whole but for rounding; a batch that is not cut is not even rounded differently.
  virtual Losses add(const PairBatch& pairs) = 0;
};

/// Through LibTorch's operators and its automatic differentiation: on any device.
std::unique_ptr<LossGradient> autograd_gradient(Encoder encoder, Decoder decoder,
                                                const GradientSettings& settings);

#ifdef EPOCHAL_WITH_ONEDNN
/// Through convolution chains and the derivatives of eq. 11 to 13, written down: for a CPU that can
/// run them (see can_chain). Both networks are float32 on the CPU.
std::unique_ptr<LossGradient> chained_gradient(Encoder encoder, Decoder decoder,
                                               const GradientSettings& settings);
#endif

/// Whether the chained one can be had.
bool can_chain(const torch::Device& device, Precision precision);

/// The faster of the two on the networks' device.
std::unique_ptr<LossGradient> make_gradient(const Encoder& encoder, const Decoder& decoder,
                                            const torch::Device& device,
                                            const GradientSettings& settings);

/// How many pairs of crops of `side` pixels are best in memory at a time, if all of a batch are not
/// asked for: chains lose nothing by smaller parts, and gain what then stays in the caches.
std::int64_t best_micro_batch(const torch::Device& device, Precision precision, std::int64_t side,
                              std::int64_t batch_size);

}  // namespace epochal::adain
