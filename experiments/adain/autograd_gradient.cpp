// Losses and gradient through LibTorch, a part of the batch at a time.

#include <algorithm>

#include "experiments/adain/gradient.h"
#include "experiments/torch/training/compute_precision.h"

namespace epochal::adain {
namespace {

void add_weighted(torch::Tensor& sum, const torch::Tensor& part, double weight) {
  const torch::Tensor weighted = part.detach() * weight;
  sum = sum.defined() ? sum + weighted : weighted;
}

class AutogradGradient : public LossGradient {
 public:
  AutogradGradient(Encoder encoder, Decoder decoder, GradientSettings settings)
      : encoder_(std::move(encoder)), decoder_(std::move(decoder)), settings_(settings) {}

  PairLosses losses_by_pair(const PairBatch& pairs) override {
    const torch::NoGradGuard no_grad;
    std::vector<Losses> each;
    PairLosses losses;
    losses.mean = over_parts(
        pairs, [&](const torch::Tensor& content, const torch::Tensor& style, double /*weight*/) {
          const AutocastScope autocast(content.device(), settings_.precision);
          PairLosses part = pair_losses(settings_.loss_encoder, encoder_, decoder_, content, style,
                                        settings_.gamma);
          each.push_back(std::move(part.each));
          return part.mean;
        });
    losses.each = joined(each);
    return losses;
  }

  Losses add(const PairBatch& pairs) override {
    return over_parts(pairs,
                      [&](const torch::Tensor& content, const torch::Tensor& style, double weight) {
                        const Losses part = losses_of_part(content, style);
                        (weight == 1 ? part.total : part.total * weight).backward();
                        return part;
                      });
  }

 private:
  /// The mean of the losses that `measure(content, style, weight)` gives for each part.
  template <typename Measure>
  Losses over_parts(const PairBatch& pairs, const Measure& measure) {
    const std::int64_t samples = pairs.content.size(0);
    Losses whole;
    for (std::int64_t first = 0; first < samples; first += settings_.micro_batch) {
      const std::int64_t count = std::min(settings_.micro_batch, samples - first);
      const double weight = static_cast<double>(count) / static_cast<double>(samples);
      const Losses part = measure(pairs.content.narrow(0, first, count),
                                  pairs.style.narrow(0, first, count), weight);
      if (count == samples) {
        return {part.content.detach(), part.style.detach(), part.total.detach()};
      }
      add_weighted(whole.content, part.content, weight);
      add_weighted(whole.style, part.style, weight);
      add_weighted(whole.total, part.total, weight);
    }
    return whole;
  }

  Losses losses_of_part(const torch::Tensor& content, const torch::Tensor& style) {
    const AutocastScope autocast(content.device(), settings_.precision);
    if (settings_.loss_encoder.is_empty()) {
      return losses_of(encoder_, decoder_, content, style, settings_.gamma);
    }
    return losses_by(settings_.loss_encoder, encoder_, decoder_, content, style, settings_.gamma);
  }

  Encoder encoder_;
  Decoder decoder_;
  GradientSettings settings_;
};

}  // namespace

std::unique_ptr<LossGradient> autograd_gradient(Encoder encoder, Decoder decoder,
                                                const GradientSettings& settings) {
  return std::make_unique<AutogradGradient>(std::move(encoder), std::move(decoder), settings);
}

}  // namespace epochal::adain
