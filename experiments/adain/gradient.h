#pragma once

#include "experiments/adain/losses.h"

namespace epochal::adain {

/// Adds the gradient of a batch's total loss to the decoder's, `micro_batch` pairs at a time.
/// Each loss is a mean over samples, so parts weighted by their share of the batch give the
/// gradient of the whole but for rounding; a batch that is not cut is not even rounded
/// differently. Images [N,3,S,S]. Returns the losses of the whole batch, without gradient.
Losses add_gradient(Encoder& encoder, Decoder& decoder, const torch::Tensor& content,
                    const torch::Tensor& style, double gamma, std::int64_t micro_batch);

}  // namespace epochal::adain
