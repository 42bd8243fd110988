// How many multiplications and additions a second this machine's convolutions make at best: the
// ceiling over the training step. Four images of 64 x 64, 3x3, as many channels in as out.

#include <benchmark/benchmark.h>

#include <algorithm>

#include "experiments/torch/convolution/convolution_primitives.h"

namespace {

using Tag = dnnl::memory::format_tag;
using Type = dnnl::memory::data_type;

constexpr dnnl::memory::dim kImages = 4;
constexpr dnnl::memory::dim kSide = 64;

/// A tensor of a layout that oneDNN chose, filled with a number that is no denormal.
dnnl::memory filled(const dnnl::memory::desc& layout, const dnnl::engine& engine,
                    const dnnl::stream& stream) {
  dnnl::memory plain({epochal::sizes_of(layout), Type::f32, Tag::abcd}, engine);
  auto* values = static_cast<float*>(plain.get_data_handle());
  std::fill_n(values, plain.get_desc().get_size() / sizeof(float), 0.5F);
  dnnl::memory result(layout, engine);
  dnnl::reorder(plain, result).execute(stream, plain, result);
  return result;
}

void convolution(benchmark::State& state, dnnl::algorithm algorithm, Type type) {
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const dnnl::memory::dim channels = state.range(0);
  epochal::ConvolutionDescription description;
  description.algorithm = algorithm;
  description.input = {{kImages, channels, kSide, kSide}, type, Tag::any};
  description.weights = {{channels, channels, 3, 3}, type, Tag::any};
  description.output = description.input;
  description.padding = 1;
  try {
    const epochal::ForwardConvolution plan = epochal::forward_convolution(description, engine);
    const dnnl::memory source = filled(plan.src_desc(), engine, stream);
    const dnnl::memory kernel = filled(plan.weights_desc(), engine, stream);
    const dnnl::memory result(plan.dst_desc(), engine);
    dnnl::convolution_forward primitive(plan);
    for (auto _ : state) {
      primitive.execute(
          stream, {{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, kernel}, {DNNL_ARG_DST, result}});
      stream.wait();
    }
  } catch (const dnnl::error& error) {
    state.SkipWithError(error.what());
    return;
  }
  const auto flops = static_cast<double>(2 * 9 * kImages * channels * channels * kSide * kSide);
  state.counters["flops"] = benchmark::Counter(static_cast<double>(state.iterations()) * flops,
                                               benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(convolution, direct, dnnl::algorithm::convolution_direct, Type::f32)
    ->Arg(256)
    ->UseRealTime();
BENCHMARK_CAPTURE(convolution, winograd, dnnl::algorithm::convolution_winograd, Type::f32)
    ->Arg(256)
    ->UseRealTime();
BENCHMARK_CAPTURE(convolution, bfloat16, dnnl::algorithm::convolution_direct, Type::bf16)
    ->Arg(256)
    ->UseRealTime();

}  // namespace
