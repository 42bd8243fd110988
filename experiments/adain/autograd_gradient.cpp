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

  Losses losses(const PairBatch& pairs) override {
    const torch::NoGradGuard no_grad;
    return over_parts(pairs, [](const torch::Tensor& /*total*/) {});
  }

  Losses add(const PairBatch& pairs) override {
    return over_parts(pairs, [](const torch::Tensor& total) { total.backward(); });
  }

 private:
  template <typename Then>
  Losses over_parts(const PairBatch& pairs, const Then& then) {
    const std::int64_t samples = pairs.content.size(0);
    Losses whole;
    for (std::int64_t first = 0; first < samples; first += settings_.micro_batch) {
      const std::int64_t count = std::min(settings_.micro_batch, samples - first);
      const double weight = static_cast<double>(count) / static_cast<double>(samples);
      const Losses part = losses_of_part(pairs.content.narrow(0, first, count),
                                         pairs.style.narrow(0, first, count));
      then(count == samples ? part.total : part.total * weight);
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
