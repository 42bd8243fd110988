#pragma once

#include "experiments/adain/network.h"

namespace epochal::adain {

/// What is added to variances before their root is taken.
constexpr double kVarianceEps = 1e-5;

/// Mean and standard deviation of each feature map. Shapes: in [N,C,H,W], out two of [N,C,1,1].
/// Unbiased variance, eps 1e-5 under the root, as in AdaIN's published code (eq. 5 and 6).
struct ChannelStats {
  torch::Tensor mean;
  torch::Tensor deviation;
};
ChannelStats channel_stats(const torch::Tensor& features);

/// Adaptive instance normalisation (eq. 8): the content features with the statistics of the style
/// features. Both [N,C,h,w], the spatial sizes may differ.
torch::Tensor adaptive_instance_norm(const torch::Tensor& content, const torch::Tensor& style);

/// The same where the statistics of the style features are known.
torch::Tensor adaptive_instance_norm(const torch::Tensor& content, const ChannelStats& style);

/// Mean squared error between the features of the output and the target t (eq. 12). Scalar.
torch::Tensor content_loss(const torch::Tensor& output, const torch::Tensor& target);

/// Sum over the four layers of the mean squared errors of means and of deviations (eq. 13). Scalar.
torch::Tensor style_loss(const Features& output, const Features& style);

/// Statistics of an image at the four layers: all that the style loss wants of it.
using LayerStatistics = std::array<ChannelStats, 4>;
LayerStatistics layer_statistics(const Features& features);

/// The same where the statistics of the style are known.
torch::Tensor style_loss(const Features& output, const LayerStatistics& style);

/// Losses of one batch; each is a mean over its samples.
struct Losses {
  torch::Tensor content;
  torch::Tensor style;
  torch::Tensor total;  ///< content + gamma * style (eq. 11)
};

/// Losses of one batch, and those of each of its pairs, [N] in float64.
struct PairLosses {
  Losses mean;
  Losses each;
};

/// The losses of the pairs of several batches as one.
Losses joined(const std::vector<Losses>& of_pairs);

/// One forward pass of the training: encode both, t = AdaIN(f(c), f(s)), decode, encode the result.
/// Images [N,3,S,S], RGB in [0,1]. Gradients reach the decoder only.
Losses losses_of(Encoder& encoder, Decoder& decoder, const torch::Tensor& content,
                 const torch::Tensor& style, double gamma);

/// The same, but measured with another encoder `judge` than the one that the decoder paints from:
/// it encodes contents and styles anew, its t is what the output is held against.
Losses losses_by(Encoder& judge, Encoder& encoder, Decoder& decoder, const torch::Tensor& content,
                 const torch::Tensor& style, double gamma);

/// Both functions above, without gradient, and with the losses of each pair. `judge` may be empty:
/// then the encoder measures.
PairLosses pair_losses(Encoder& judge, Encoder& encoder, Decoder& decoder,
                       const torch::Tensor& content, const torch::Tensor& style, double gamma);

/// The losses of a finished picture under `judge`, a network that had no part in it, without
/// gradient. All [N,3,S,S], RGB in [0,1].
PairLosses losses_of_picture(Encoder& judge, const torch::Tensor& content,
                             const torch::Tensor& style, const torch::Tensor& picture,
                             double gamma);

/// g((1-alpha) f(c) + alpha AdaIN(f(c), f(s))) (eq. 14). [N,3,H,W], not clamped.
torch::Tensor stylize(Encoder& encoder, Decoder& decoder, const torch::Tensor& content,
                      const torch::Tensor& style, double alpha);

/// Each content [N,3,S,S] in each style [M,3,S,S], at alpha 1: N rows of [M,3,H,W], not clamped.
/// Each picture goes through the encoder once.
std::vector<torch::Tensor> stylize_each(Encoder& encoder, Decoder& decoder,
                                        const torch::Tensor& contents, const torch::Tensor& styles);

}  // namespace epochal::adain
