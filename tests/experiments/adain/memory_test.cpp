// A small machine is enough: batches cut to fit, and a pass that survives running out of memory.

#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>

#include <fstream>

#include "experiments/adain/experiment.h"
#include "experiments/adain/gradient.h"
#include "experiments/adain/settings.h"
#include "experiments/torch/training/step_memory.h"
#include "framework/system/process.h"
#include "tests/experiments/adain/reference_networks.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/trained.h"

namespace epochal::adain {
namespace {

using test::CountingProgress;
using test::prepared;

struct Event {
  std::string kind;
  std::string text;
};

RunContext context_for(std::int64_t batch_size, std::vector<Event>& events) {
  RunContext context;
  context.parameters = schema().defaults();
  const auto set = [&](const char* name, std::int64_t value) {
    context.parameters.set(name, value);
  };
  set("image_size", 64);
  set("dataset_size", batch_size);
  set("batch_size", batch_size);
  set("validation_size", 4);
  set("width_divisor", 4);
  set("loader_threads", 1);
  context.parameters.set("encoder", std::string("random"));
  context.seed = 5;
  context.epochs = 2;
  context.peak_memory_of = peak_memory_of;
  context.event = [&](std::string_view kind, std::string_view text) {
    events.push_back({std::string(kind), std::string(text)});
  };
  return context;
}

/// In float64: in float32 a convolution of one image is computed in another order, and an
/// activation near zero that falls on the other side of a ReLU makes more than rounding of it.
std::vector<torch::Tensor> gradients(std::int64_t micro_batch, Losses& losses) {
  auto [encoder, decoder] = Networks(8, torch::kFloat64);
  torch::manual_seed(3);
  const torch::Tensor content = torch::rand({7, 3, 40, 40}, torch::kFloat64);
  const torch::Tensor style = torch::rand({7, 3, 40, 40}, torch::kFloat64);
  losses = autograd_gradient(encoder, decoder, {2.0, micro_batch})->add({content, style, {}, {}});
  std::vector<torch::Tensor> found;
  for (const torch::Tensor& parameter : decoder->parameters()) found.push_back(parameter.grad());
  return found;
}

TEST(MicroBatch, GivesTheGradientOfTheWholeBatch) {
  Losses whole_losses;
  const auto whole = gradients(7, whole_losses);
  for (const std::int64_t micro : {1, 2, 3, 6}) {
    Losses losses;
    const auto parts = gradients(micro, losses);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      const double size = whole[i].abs().max().item<double>();
      EXPECT_LT((parts[i] - whole[i]).abs().max().item<double>(), 1e-11 * size)
          << "parts of " << micro << ", parameter " << i;
    }
    EXPECT_NEAR(losses.total.item<double>(), whole_losses.total.item<double>(),
                1e-12 * whole_losses.total.item<double>());
    EXPECT_NEAR(losses.style.item<double>(), whole_losses.style.item<double>(),
                1e-12 * whole_losses.style.item<double>());
  }
}

TEST(MicroBatch, LargestThatFits) {
  const StepMemory memory{100, 10};
  EXPECT_EQ(micro_batch_for(memory, 540, 44), 44);
  EXPECT_EQ(micro_batch_for(memory, 539, 44), 22) << "two equal parts rather than 43 and 1";
  EXPECT_EQ(micro_batch_for(memory, 250, 44), 15);
  EXPECT_EQ(micro_batch_for(memory, 110, 44), 1);
  EXPECT_EQ(micro_batch_for(memory, 0, 44), 1);
}

TEST(MicroBatch, KnowsWhatLibrariesSayWhenMemoryRunsOut) {
  EXPECT_TRUE(is_out_of_memory(std::bad_alloc()));
  EXPECT_TRUE(is_out_of_memory(std::runtime_error("CUDA out of memory. Tried to allocate 2 GiB")));
  EXPECT_TRUE(is_out_of_memory(
      std::runtime_error("DefaultCPUAllocator: can't allocate memory: you tried to allocate")));
  EXPECT_TRUE(is_out_of_memory(std::runtime_error("cuDNN error: CUDNN_STATUS_ALLOC_FAILED")));
  EXPECT_FALSE(is_out_of_memory(std::runtime_error("the image cannot be decoded")));
}

TEST(Memory, ABatchThatDoesNotFitIsCut) {
  std::vector<Event> events;
  RunContext context = context_for(64, events);
  context.memory = 4LL << 30;
  make_experiment()->prepare(context);
  EXPECT_TRUE(events.empty()) << events.front().text;

  context.memory = 100LL << 20;
  const auto experiment = prepared(make_experiment(), context);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, "memory");
  EXPECT_NE(events[0].text.find("a batch is split into parts of"), std::string::npos)
      << events[0].text;
  const auto peak = peak_memory_of([&] {
    CountingProgress progress;
    experiment->train(1, progress);
  });
  EXPECT_LT(*peak, context.memory) << "what was estimated holds";
}

/// Lets this process map only so much more than it has mapped.
class AddressSpaceLimit {
 public:
  explicit AddressSpaceLimit(rlim_t more) {
    getrlimit(RLIMIT_AS, &before_);
    std::ifstream in("/proc/self/statm");
    rlim_t pages = 0;
    in >> pages;
    const rlimit limit{pages * 4096 + more, before_.rlim_max};
    setrlimit(RLIMIT_AS, &limit);
  }
  ~AddressSpaceLimit() { setrlimit(RLIMIT_AS, &before_); }
  AddressSpaceLimit(const AddressSpaceLimit&) = delete;
  AddressSpaceLimit& operator=(const AddressSpaceLimit&) = delete;

 private:
  rlimit before_{};
};

TEST(Memory, RunningOutOfItHalvesTheBatchAndBeginsTheEpochAgain) {
  mallopt(M_MMAP_THRESHOLD, 1 << 18);  // so that what is freed is no longer mapped
  CountingProgress progress;
  std::vector<Event> none;
  const auto undisturbed = prepared(make_experiment(), context_for(16, none));
  Metrics expected;
  const auto peak = peak_memory_of([&] { expected = undisturbed->train(1, progress).metrics; });

  // How much of what is mapped already is free to use again, only trying tells.
  std::vector<Event> events;
  const RunContext context = context_for(16, events);
  std::unique_ptr<Experiment> experiment;
  Metrics metrics;
  for (rlim_t more = static_cast<rlim_t>(*peak) / 2; events.empty() && more > 1 << 20; more /= 2) {
    experiment = prepared(make_experiment(), context);
    malloc_trim(0);
    const AddressSpaceLimit limit(more);
    metrics = experiment->train(1, progress).metrics;
  }
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events[0].kind, "memory");
  const std::int64_t at_first =
      best_micro_batch(torch::Device(torch::kCPU), Precision::float32, 64, 16);
  EXPECT_EQ(events[0].text, "out of memory in epoch 1: the epoch starts again with " +
                                std::to_string(at_first / 2) + " pairs at a time");

  for (const auto& [name, value] : expected) {
    EXPECT_NEAR(metrics.at(name), value, 1e-3 * value) << name;
  }

  // The smaller parts are part of the state: a resumed run has the bits of one that went on.
  const test::TemporaryFolder folder;
  experiment->save(folder.path());
  const auto resumed = prepared(make_experiment(), context_for(16, none));
  resumed->restore(folder.path());
  EXPECT_EQ(resumed->train(2, progress).metrics, experiment->train(2, progress).metrics);
}

TEST(Memory, OnAGpuTheDriverSaysWhatAStepTakes) {
  // LibTorch takes memory in blocks and keeps it; another process has 2 GiB.
  constexpr Bytes kMiB = 1 << 20;
  Bytes kept = 0;
  RunContext context;
  context.device_memory = [&] { return DeviceMemory{2048 * kMiB + kept, 8192 * kMiB}; };
  const auto step = [&](std::int64_t samples) {
    const Bytes wanted = 300 * kMiB + samples * 100 * kMiB;
    kept = std::max(kept, (wanted + 20 * kMiB - 1) / (20 * kMiB) * (20 * kMiB));
  };
  const auto measured = measure_device_step_memory(context, step);
  ASSERT_TRUE(measured);
  EXPECT_EQ(measured->step.per_sample, 100 * kMiB);
  EXPECT_EQ(measured->room, (8192 - 2048 - 400) * kMiB);
  EXPECT_EQ(micro_batch_for(measured->step, measured->room, 44), 44);
  EXPECT_EQ(micro_batch_for(measured->step, measured->room, 100), 50);

  context.device_memory = [] { return std::nullopt; };
  EXPECT_FALSE(measure_device_step_memory(context, step)) << "no driver, no estimate";
}

}  // namespace
}  // namespace epochal::adain
