// One step of training, Adam's included, on images that are there. Images a second count two a
// pair.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <numeric>
#include <thread>

#include "experiments/adain/gradient.h"
#include "experiments/adain/settings.h"
#include "experiments/torch/training/compute_device.h"
#include "experiments/torch/training/scheduled_adam.h"

namespace epochal {
namespace {

/// Side, batch size, width divisor; whether in bfloat16; whether images are known from before.
void training_step(benchmark::State& state) {
  use_threads(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  Parameters parameters = adain::schema().defaults();
  parameters.set("encoder", std::string("random"));
  parameters.set("width_divisor", state.range(2));
  const Encoder encoder = adain::make_encoder(parameters);
  adain::Decoder decoder(static_cast<int>(state.range(2)));
  initialise(*decoder, 1);
  ScheduledAdam adam(*decoder, adain::make_schedule(parameters));
  const torch::Device device(torch::kCPU);
  const Precision precision = state.range(3) != 0 ? Precision::bfloat16 : Precision::float32;
  adain::PairBatch pairs{
      torch::rand({state.range(1), 3, state.range(0), state.range(0)}), {}, {}, {}};
  pairs.style = torch::rand_like(pairs.content);
  if (state.range(4) != 0) {
    pairs.content_numbers.resize(static_cast<std::size_t>(state.range(1)));
    std::iota(pairs.content_numbers.begin(), pairs.content_numbers.end(), 0);
    pairs.style_numbers = pairs.content_numbers;
  }
  const auto gradient = adain::make_gradient(
      encoder, decoder, device,
      {1.0, adain::best_micro_batch(device, precision, state.range(0), state.range(1)), precision,
       std::int64_t{1} << 30});
  for (auto _ : state) {
    benchmark::DoNotOptimize(gradient->add(pairs));
    adam.step();
  }
  state.counters["images"] = benchmark::Counter(
      static_cast<double>(2 * state.iterations() * state.range(1)), benchmark::Counter::kIsRate);
}

BENCHMARK(training_step)
    ->Args({64, 44, 4, 0, 0})
    ->Args({64, 44, 4, 1, 0})
    ->Args({64, 44, 4, 1, 1})
    ->Args({64, 44, 2, 0, 0})
    ->Args({64, 44, 2, 1, 0})
    ->Args({64, 20, 2, 0, 0})
    ->Args({64, 20, 2, 1, 0})
    ->Args({96, 4, 2, 0, 0})
    ->Args({128, 4, 1, 0, 0})
    ->Args({128, 4, 1, 1, 0})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace epochal
