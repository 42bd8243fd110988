// How fast images and weights come in. The images are those of a folder, EPOCHAL_BENCH_IMAGES,
// which another loader can read as well.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "experiments/torch/images/cached_images.h"
#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/images/image_tensor.h"
#include "experiments/torch/training/batch_pass.h"
#include "experiments/torch/weights/weights_file.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kImages = 300;

int cores() {
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

/// JPEG files of 640 x 480, as COCO's are, made when the folder has none.
const fs::path& image_folder() {
  static const fs::path folder = [] {
    const char* name = std::getenv("EPOCHAL_BENCH_IMAGES");
    if (name == nullptr) throw std::runtime_error("EPOCHAL_BENCH_IMAGES names no folder");
    fs::create_directories(name);
    return fs::path(name);
  }();
  static const bool made = [] {
    if (!fs::is_empty(folder)) return false;
    for (std::int64_t i = 0; i < kImages; ++i) {
      const cv::Mat image =
          generate_image(GeneratorKind::scenes, static_cast<std::uint64_t>(i), 640);
      cv::imwrite((folder / (std::to_string(i) + ".jpg")).string(), image.rowRange(80, 560));
    }
    return true;
  }();
  benchmark::DoNotOptimize(made);
  return folder;
}

std::vector<std::int64_t> all_indices() {
  std::vector<std::int64_t> indices(kImages);
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

class NoProgress : public Progress {
 public:
  void advance(std::int64_t /*done*/, std::int64_t /*total*/) override {}
};

/// One pass over the images as a training makes it, but for the training.
void pass_over_images(CachedImages& images, int side, int threads) {
  NoProgress progress;
  pass_over(
      BatchPlan{images.size(), 32, {threads, threads}}, progress,
      [&](std::int64_t first, std::int64_t count) {
        torch::Tensor batch = torch::empty({count, 3, side, side});
        for (std::int64_t i = 0; i < count; ++i) {
          const auto key = static_cast<std::uint64_t>(first + i);
          copy_to_tensor(random_crop(images.at(first + i), side, {key}), batch[i]);
        }
        return batch;
      },
      [](const torch::Tensor& batch) { return batch.size(0); });
}

void first_pass(benchmark::State& state) {
  const auto source = open_image_source(image_folder().string());
  const auto side = static_cast<int>(state.range(0));
  for (auto _ : state) {
    CachedImages images(*source, all_indices(), 2 * side, 1 << 30);
    pass_over_images(images, side, cores());
  }
  state.counters["images"] = benchmark::Counter(static_cast<double>(state.iterations() * kImages),
                                                benchmark::Counter::kIsRate);
}

void later_pass(benchmark::State& state) {
  const auto source = open_image_source(image_folder().string());
  const auto side = static_cast<int>(state.range(0));
  CachedImages images(*source, all_indices(), 2 * side, 1 << 30);
  pass_over_images(images, side, cores());
  for (auto _ : state) pass_over_images(images, side, cores());
  state.counters["images"] = benchmark::Counter(static_cast<double>(state.iterations() * kImages),
                                                benchmark::Counter::kIsRate);
}

/// The real encoder where it is, else a file like it: 14 MB of float32.
void read_encoder(benchmark::State& state) {
  const test::TemporaryFolder folder;
  fs::path file = EPOCHAL_SOURCE_FOLDER "/../shared/data/weights/encoder.pth";
  if (!fs::exists(file)) {
    file = folder / "encoder.safetensors";
    write_safetensors(file, {{"weights", torch::rand({3'500'000})}});
  }
  for (auto _ : state) benchmark::DoNotOptimize(read_weights(file));
}

BENCHMARK(first_pass)->Arg(64)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(later_pass)->Arg(64)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_encoder)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace epochal
