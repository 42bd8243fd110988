// Which way of computing losses a device gets.

#include "experiments/adain/gradient.h"

#include <algorithm>

#ifdef EPOCHAL_WITH_ONEDNN
#include "experiments/torch/convolution/convolution_chain.h"
#endif

namespace epochal::adain {

bool can_chain([[maybe_unused]] const torch::Device& device, [[maybe_unused]] Precision precision) {
#ifdef EPOCHAL_WITH_ONEDNN
  return device.is_cpu() && ConvolutionChain::is_available(precision);
#else
  return false;
#endif
}

std::unique_ptr<LossGradient> make_gradient(const Encoder& encoder, const Decoder& decoder,
                                            [[maybe_unused]] const torch::Device& device,
                                            const GradientSettings& settings) {
#ifdef EPOCHAL_WITH_ONEDNN
  if (can_chain(device, settings.precision)) return chained_gradient(encoder, decoder, settings);
#endif
  return autograd_gradient(encoder, decoder, settings);
}

std::int64_t best_micro_batch(const torch::Device& device, Precision precision, std::int64_t side,
                              std::int64_t batch_size) {
  if (!can_chain(device, precision)) return batch_size;
  constexpr std::int64_t kPixels = 1 << 16;  // measured: docs/performance.md
  return std::clamp<std::int64_t>(kPixels / (side * side), 1, batch_size);
}

}  // namespace epochal::adain
