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

/// The mean over all but the first dimension. [N,...] -> [N] in float64.
torch::Tensor mean_of_each(const torch::Tensor& values) {
  return values.to(torch::kFloat64).flatten(1).mean(1);
}

torch::Tensor style_loss_of_each(const Features& output, const Features& style) {
  torch::Tensor sum;
  for (std::size_t layer = 0; layer < output.size(); ++layer) {
    const ChannelStats o = channel_stats(output.at(layer));
    const ChannelStats s = channel_stats(style.at(layer));
    const torch::Tensor term = mean_of_each((o.mean - s.mean).square()) +
                               mean_of_each((o.deviation - s.deviation).square());
    sum = sum.defined() ? sum + term : term;
  }
  return sum;
}

PairLosses pair_losses_against(const Wanted& wanted, const Features& output, double gamma) {
  PairLosses losses;
  losses.mean = losses_against(wanted, output, gamma);
  losses.each.content =
      mean_of_each((output.back().to(wanted.target.scalar_type()) - wanted.target).square());
  losses.each.style = style_loss_of_each(output, wanted.style);
  losses.each.total = losses.each.content + gamma * losses.each.style;
  return losses;
}

}  // namespace

Losses joined(const std::vector<Losses>& of_pairs) {
  if (of_pairs.size() == 1) return of_pairs.front();
  const auto join = [&](torch::Tensor Losses::*of) {
    std::vector<torch::Tensor> values;
    for (const Losses& part : of_pairs) values.push_back(part.*of);
    return torch::cat(values);
  };
  return {join(&Losses::content), join(&Losses::style), join(&Losses::total)};
}

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

PairLosses pair_losses(Encoder& judge, Encoder& encoder, Decoder& decoder,
                       const torch::Tensor& content, const torch::Tensor& style, double gamma) {
  const torch::NoGradGuard no_grad;
  const Wanted wanted = wanted_by(encoder, content, style);
  const torch::Tensor output = decoder->forward(wanted.target);
  if (judge.is_empty()) return pair_losses_against(wanted, encoder->forward(output), gamma);
  return pair_losses_against(wanted_by(judge, content, style), judge->forward(output), gamma);
}

PairLosses losses_of_picture(Encoder& judge, const torch::Tensor& content,
                             const torch::Tensor& style, const torch::Tensor& picture,
                             double gamma) {
  const torch::NoGradGuard no_grad;
  return pair_losses_against(wanted_by(judge, content, style), judge->forward(picture), gamma);
}

torch::Tensor stylize(Encoder& encoder, Decoder& decoder, const torch::Tensor& content,
                      const torch::Tensor& style, double alpha) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor features = encoder->deepest(content);
  const torch::Tensor target = adaptive_instance_norm(features, encoder->deepest(style));
  return decoder->forward((1 - alpha) * features + alpha * target);
}

std::vector<torch::Tensor> stylize_each(Encoder& encoder, Decoder& decoder,
                                        const torch::Tensor& contents,
                                        const torch::Tensor& styles) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor features = encoder->deepest(contents);
  const torch::Tensor style_features = encoder->deepest(styles);
  std::vector<torch::Tensor> rows;
  for (const torch::Tensor& content : features.split(1)) {
    rows.push_back(decoder->forward(
        adaptive_instance_norm(content.expand_as(style_features), style_features)));
  }
  return rows;
}

}  // namespace epochal::adain
