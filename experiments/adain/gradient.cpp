// Gradient accumulation.

#include "experiments/adain/gradient.h"

#include <algorithm>

namespace epochal::adain {
namespace {

void add_weighted(torch::Tensor& sum, const torch::Tensor& part, double weight) {
  const torch::Tensor weighted = part.detach() * weight;
  sum = sum.defined() ? sum + weighted : weighted;
}

}  // namespace

Losses add_gradient(Encoder& encoder, Decoder& decoder, const torch::Tensor& content,
                    const torch::Tensor& style, double gamma, std::int64_t micro_batch) {
  const std::int64_t samples = content.size(0);
  if (samples <= micro_batch) {
    Losses losses = losses_of(encoder, decoder, content, style, gamma);
    losses.total.backward();
    return {losses.content.detach(), losses.style.detach(), losses.total.detach()};
  }
  Losses whole;
  for (std::int64_t first = 0; first < samples; first += micro_batch) {
    const std::int64_t count = std::min(micro_batch, samples - first);
    const double weight = static_cast<double>(count) / static_cast<double>(samples);
    const Losses part = losses_of(encoder, decoder, content.narrow(0, first, count),
                                  style.narrow(0, first, count), gamma);
    (part.total * weight).backward();
    add_weighted(whole.content, part.content, weight);
    add_weighted(whole.style, part.style, weight);
    add_weighted(whole.total, part.total, weight);
  }
  return whole;
}

}  // namespace epochal::adain
