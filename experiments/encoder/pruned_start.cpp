// From a wide encoder to the best narrow one that needs no training. A layer's activations are x; a
// dropped channel is replaced by the linear function of the kept ones that is nearest to it, which
// the next convolution takes up: W x = W (A x_kept + r) = (W A) x_kept + W r.

#include "experiments/encoder/pruned_start.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/encoder/layer_outputs.h"
#include "framework/base/error.h"

namespace epochal::encoder {
namespace {

constexpr std::int64_t kMostSamples = 30'000;
/// Of the mean variance: what keeps channels that never fire from being divided by.
constexpr double kRidge = 1e-6;

/// Activations [N,C,H,W] -> at most kMostSamples places [n,C] in float64.
torch::Tensor samples_of(const torch::Tensor& activations) {
  const torch::Tensor places = activations.permute({0, 2, 3, 1}).flatten(0, 2);
  const std::int64_t step = (places.size(0) + kMostSamples - 1) / kMostSamples;
  return places.slice(0, 0, places.size(0), step).to(torch::kFloat64);
}

/// Which of the convolutions behind the 1x1 one give relu1_1 … relu4_1.
constexpr std::array<std::size_t, 4> kLevels{0, 2, 4, 8};

}  // namespace

ChannelSubset choose_channels(const torch::Tensor& samples, std::int64_t count) {
  const torch::Tensor mean = samples.mean(0);
  const torch::Tensor centred = samples - mean;
  const torch::Tensor covariance = centred.t().mm(centred) / samples.size(0);

  ChannelSubset subset;
  torch::Tensor left = covariance.clone();
  for (std::int64_t i = 0; i < count; ++i) {
    torch::Tensor unexplained = left.diagonal().clone();
    for (const std::int64_t channel : subset.kept) unexplained[channel] = -1;
    const std::int64_t pivot = unexplained.argmax().item<std::int64_t>();
    subset.kept.push_back(pivot);
    const double variance = left[pivot][pivot].item<double>();
    if (variance <= 0) continue;
    const torch::Tensor column = left.select(1, pivot).clone();
    left -= torch::outer(column, column) / variance;
  }
  std::sort(subset.kept.begin(), subset.kept.end());

  const torch::Tensor kept = torch::tensor(subset.kept, torch::kInt64);
  const torch::Tensor to_kept = covariance.index_select(1, kept);
  const double ridge = kRidge * covariance.diagonal().mean().item<double>() + 1e-12;
  const torch::Tensor among_kept =
      to_kept.index_select(0, kept) + ridge * torch::eye(count, torch::kFloat64);
  subset.of_kept = torch::linalg_solve(among_kept, to_kept.t()).t().contiguous();
  subset.of_kept.index_copy_(0, kept, torch::eye(count, torch::kFloat64));
  subset.rest = mean - subset.of_kept.mv(mean.index_select(0, kept));
  return subset;
}

void check_can_be_pruned(const Encoder& teacher, int width_divisor) {
  if (width_divisor % teacher->width_divisor() == 0) return;
  throw Error(fmt::format("an encoder with width divisor {} cannot be distilled from one "
                          "with width divisor {}",
                          width_divisor, teacher->width_divisor()),
              {}, "choose a width_divisor that is a multiple of the teacher's");
}

PrunedEncoder prune(Encoder& teacher, int width_divisor, const torch::Tensor& images) {
  check_can_be_pruned(teacher, width_divisor);
  const int ratio = width_divisor / teacher->width_divisor();
  const torch::NoGradGuard no_grad;
  const auto wide = convolutions_of(teacher);
  PrunedEncoder pruned{Encoder(width_divisor), {}};
  const auto narrow = convolutions_of(pruned.encoder);
  narrow[0]->weight.copy_(wide[0]->weight);
  narrow[0]->bias.copy_(wide[0]->bias);

  ChannelSubset inputs{{0, 1, 2}, torch::eye(3, torch::kFloat64), torch::zeros(3, torch::kFloat64)};
  std::size_t level = 0;
  for_each_layer(teacher, images, [&](std::size_t i, const LayerOutput& output) {
    ChannelSubset subset =
        choose_channels(samples_of(output.handed_on), output.handed_on.size(1) / ratio);
    const torch::Tensor weight = wide[i + 1]->weight.to(torch::kFloat64);
    const torch::Tensor bias =
        wide[i + 1]->bias.to(torch::kFloat64) + torch::einsum("ochw,c->o", {weight, inputs.rest});
    const torch::Tensor kept = torch::tensor(subset.kept, torch::kInt64);
    narrow[i + 1]->weight.copy_(
        torch::einsum("ochw,ck->okhw", {weight, inputs.of_kept}).index_select(0, kept));
    narrow[i + 1]->bias.copy_(bias.index_select(0, kept));
    if (level < kLevels.size() && i == kLevels.at(level)) pruned.levels.at(level++) = subset;
    inputs = std::move(subset);
  });
  return pruned;
}

}  // namespace epochal::encoder
