// The paper's equations. Numbers are those of Huang & Belongie, arXiv:1703.06868.

#include "experiments/adain/losses.h"

namespace epochal::adain {

ChannelStats channel_stats(const torch::Tensor& features) {
  // Statistics of bfloat16 features are wider than these.
  const bool is_narrow = features.scalar_type() == torch::kBFloat16;
  const torch::Tensor flat = (is_narrow ? features.to(torch::kFloat32) : features).flatten(2);
  const auto [variance, mean] = torch::var_mean(flat, /*dim=*/2, /*unbiased=*/true);
  const auto shape = [&](const torch::Tensor& values) {
    return values.unsqueeze(-1).unsqueeze(-1);
  };
  return {shape(mean), shape((variance + kVarianceEps).sqrt())};
}

torch::Tensor adaptive_instance_norm(const torch::Tensor& content, const torch::Tensor& style) {
  return adaptive_instance_norm(content, channel_stats(style));
}

torch::Tensor adaptive_instance_norm(const torch::Tensor& content, const ChannelStats& style) {
  const ChannelStats c = channel_stats(content);
  return (content - c.mean) / c.deviation * style.deviation + style.mean;
}

torch::Tensor content_loss(const torch::Tensor& output, const torch::Tensor& target) {
  return torch::mse_loss(output.to(target.scalar_type()), target);
}

LayerStatistics layer_statistics(const Features& features) {
  LayerStatistics statistics;
  for (std::size_t layer = 0; layer < features.size(); ++layer) {
    statistics.at(layer) = channel_stats(features.at(layer));
  }
  return statistics;
}

torch::Tensor style_loss(const Features& output, const Features& style) {
  return style_loss(output, layer_statistics(style));
}

torch::Tensor style_loss(const Features& output, const LayerStatistics& style) {
  torch::Tensor sum;
  for (std::size_t layer = 0; layer < output.size(); ++layer) {
    const ChannelStats o = channel_stats(output.at(layer));
    const ChannelStats& s = style.at(layer);
    const torch::Tensor term =
        torch::mse_loss(o.mean, s.mean) + torch::mse_loss(o.deviation, s.deviation);
    sum = sum.defined() ? sum + term : term;
  }
  return sum;
}

namespace {

/// What an encoder wants of a pair.
struct Wanted {
  torch::Tensor target;
  Features style;
};

Wanted wanted_by(Encoder& encoder, const torch::Tensor& content, const torch::Tensor& style) {
  const torch::NoGradGuard frozen;
  Wanted wanted;
  wanted.style = encoder->forward(style);
  wanted.target = adaptive_instance_norm(encoder->deepest(content), wanted.style.back());
  return wanted;
}

Losses losses_against(const Wanted& wanted, const Features& output, double gamma) {
  Losses losses;
  losses.content = content_loss(output.back(), wanted.target);
  losses.style = style_loss(output, wanted.style);
  losses.total = losses.content + gamma * losses.style;
  return losses;
}

}  // namespace

Losses losses_of(Encoder& encoder, Decoder& decoder, const torch::Tensor& content,
                 const torch::Tensor& style, double gamma) {
  const Wanted wanted = wanted_by(encoder, content, style);
  return losses_against(wanted, encoder->forward(decoder->forward(wanted.target)), gamma);
}

Losses losses_by(Encoder& judge, Encoder& encoder, Decoder& decoder, const torch::Tensor& content,
                 const torch::Tensor& style, double gamma) {
  const torch::Tensor output = decoder->forward(wanted_by(encoder, content, style).target);
  return losses_against(wanted_by(judge, content, style), judge->forward(output), gamma);
}

torch::Tensor stylize(Encoder& encoder, Decoder& decoder, const torch::Tensor& content,
                      const torch::Tensor& style, double alpha) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor features = encoder->deepest(content);
  const torch::Tensor target = adaptive_instance_norm(features, encoder->deepest(style));
  return decoder->forward((1 - alpha) * features + alpha * target);
}

}  // namespace epochal::adain
