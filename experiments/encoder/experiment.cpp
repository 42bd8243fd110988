// Distilling a narrow encoder from a wide one, in the order in which things happen. The loss is the
// sum over the four feature levels of the share of the teacher's variance that a 1x1 map of the
// narrow one's features leaves unexplained.

#include "experiments/encoder/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "experiments/encoder/augmentation.h"
#include "experiments/encoder/distilled_encoder.h"
#include "experiments/torch/images/image_set.h"
#include "experiments/torch/images/image_tensor.h"
#include "experiments/torch/training/batch_pass.h"
#include "experiments/torch/training/compute_device.h"
#include "experiments/torch/training/compute_precision.h"
#include "experiments/torch/training/resource_parameters.h"
#include "experiments/torch/training/scheduled_adam.h"
#include "experiments/torch/training/training_state.h"
#include "experiments/torch/weights/encoder_file.h"
#include "framework/base/keyed_random.h"

namespace epochal::encoder {
namespace fs = std::filesystem;
namespace {

constexpr char kNetworkFile[] = "network.safetensors";

enum Stream : std::uint64_t { kOrder = 100, kCrop };

/// Sums over samples; every sample counts once.
struct Score {
  std::array<double, 4> squared{};
  std::array<double, 4> variance{};

  void add(const DistillationError& error, std::int64_t samples) {
    for (std::size_t level = 0; level < squared.size(); ++level) {
      squared.at(level) += error.squared.at(level).item<double>() * static_cast<double>(samples);
      variance.at(level) += error.variance.at(level).item<double>() * static_cast<double>(samples);
    }
  }

  double unexplained(std::size_t level) const { return squared.at(level) / variance.at(level); }

  double loss() const {
    double sum = 0;
    for (std::size_t level = 0; level < squared.size(); ++level) sum += unexplained(level);
    return sum;
  }

  Metrics metrics(const std::string& prefix) const {
    Metrics metrics{{prefix + ".loss", loss()}};
    for (std::size_t level = 0; level < squared.size(); ++level) {
      metrics[fmt::format("{}.unexplained.relu{}_1", prefix, level + 1)] = unexplained(level);
    }
    return metrics;
  }
};

class EncoderExperiment : public Experiment {
 public:
  void prepare(const RunContext& context) override {
    context_ = context;
    device_ = set_up_device(parameters().text("device"), context.threads);
    precision_ = precision_of(context_, device_, 0);
    images_ = std::make_unique<ImageSet>(
        parameters().text("images"),
        ImageSetPlan{number("dataset_size"), number("validation_size"),
                     static_cast<std::uint64_t>(number("subset_seed")), 2 * crop_side(),
                     number("cache_memory") << 20, parameters().real("most_unreadable")});
    teacher_ = load_encoder(parameters().text("teacher"));
    network_ =
        DistilledEncoder(static_cast<int>(number("width_divisor")), teacher_->width_divisor());
    network_->begin_from(teacher_, first_images());
    teacher_->to(device_);
    network_->to(device_);
    adam_.emplace(*network_, exponential_schedule(parameters().real("learning_rate"),
                                                  parameters().real("lr_factor")));
  }

  TrainingPass train(Epoch epoch, Progress& progress) override {
    BatchPlan plan{number("dataset_size"), number("batch_size"), loader_threads(context_)};
    plan.most_steps = steps_of_epoch(context_.steps, epoch, plan.steps());
    const auto order =
        keyed_permutation(plan.samples, {kOrder, context_.seed, static_cast<std::uint64_t>(epoch)});
    const double rate = adam_->rate();
    network_->train();
    Score score;
    TrainingPass pass = pass_over(
        plan, progress,
        [&](std::int64_t first, std::int64_t count) {
          return training_batch(epoch, first, count, order);
        },
        [&](const torch::Tensor& batch) {
          images_->left_out.check(context_);
          const std::int64_t samples = batch.size(0);
          if (samples == 0) return samples;
          const DistillationError error = error_of(batch);
          error.loss().backward();
          adam_->step();
          score.add(error, samples);
          return samples;
        });
    adam_->after_epoch(score.loss());
    pass.learning_rate = rate;
    pass.metrics = score.metrics("train");
    return pass;
  }

  Metrics validate(Epoch /*epoch*/, Progress& progress) override {
    const torch::NoGradGuard no_grad;
    network_->eval();
    const std::int64_t size = images_->validation.size();
    Score score;
    for (std::int64_t first = 0; first < size; first += number("batch_size")) {
      std::vector<cv::Mat> crops;
      for (std::int64_t i = first; i < std::min(size, first + number("batch_size")); ++i) {
        crops.push_back(centre_crop(images_->validation.at(i), crop_side()));
      }
      const torch::Tensor batch = tensor_of(crops);
      if (batch.size(0) > 0) score.add(error_of(batch), batch.size(0));
      progress.advance(std::min(size, first + number("batch_size")), size);
    }
    images_->left_out.check(context_);
    images_->left_out.record(context_);
    return score.metrics("val");
  }

  void save(const fs::path& dir) const override {
    write_safetensors(dir / kNetworkFile, weights_of(*network_));
    adam_->save(dir);
  }

  void restore(const fs::path& dir) override {
    copy_weights(read_safetensors(dir / kNetworkFile), *network_);
    adam_->restore(dir);
  }

  Bytes memory_to_come() const override { return images_->bytes_to_come(); }

  std::string device() const override { return device_.str(); }

 private:
  const Parameters& parameters() const { return context_.parameters; }
  std::int64_t number(const char* name) const { return parameters().integer(name); }
  int crop_side() const { return static_cast<int>(number("image_size")); }

  /// Some of the training images, whole of what a crop shows: [N,3,S,S].
  torch::Tensor first_images() {
    // So that what the teacher makes of them takes about 1 GB at most, whatever their size.
    constexpr std::int64_t kMostPixels = 64 * 128 * 128;
    const std::int64_t side = crop_side();
    const std::int64_t most = std::clamp<std::int64_t>(kMostPixels / (side * side), 1, 64);
    std::vector<cv::Mat> crops;
    for (std::int64_t i = 0; i < std::min(most, images_->training.size()); ++i) {
      crops.push_back(centre_crop(images_->training.at(i), crop_side()));
    }
    const torch::Tensor images = tensor_of(crops);
    if (images.size(0) > 0) return images;
    throw Error("none of the first images can be read", images_->source->name(),
                "check the files with another program");
  }

  torch::Tensor training_batch(Epoch epoch, std::int64_t first, std::int64_t count,
                               const std::vector<std::int64_t>& order) {
    std::vector<cv::Mat> crops;
    for (std::int64_t index = first; index < first + count; ++index) {
      crops.push_back(augmented_crop(images_->training.at(order[static_cast<std::size_t>(index)]),
                                     crop_side(),
                                     {kCrop, context_.seed, static_cast<std::uint64_t>(epoch),
                                      static_cast<std::uint64_t>(index)}));
    }
    return tensor_of(crops);
  }

  /// Those that could be read -> [N,3,S,S] in [0,1].
  torch::Tensor tensor_of(std::vector<cv::Mat>& crops) const {
    std::erase_if(crops, [](const cv::Mat& crop) { return crop.empty(); });
    torch::Tensor batch =
        torch::empty({static_cast<std::int64_t>(crops.size()), 3, crop_side(), crop_side()});
    for (std::size_t i = 0; i < crops.size(); ++i) {
      copy_to_tensor(crops[i], batch[static_cast<std::int64_t>(i)]);
    }
    return batch;
  }

  DistillationError error_of(const torch::Tensor& batch) {
    const torch::Tensor images = batch.to(device_).contiguous(torch::MemoryFormat::ChannelsLast);
    const AutocastScope autocast(device_, precision_);
    Features wanted;
    {
      const torch::NoGradGuard no_grad;
      wanted = teacher_->forward(images);
    }
    return distillation_error(network_->forward(images), wanted);
  }

  RunContext context_;
  torch::Device device_{torch::kCPU};
  Precision precision_ = Precision::float32;
  std::unique_ptr<ImageSet> images_;
  Encoder teacher_{nullptr};
  DistilledEncoder network_{nullptr};
  std::optional<ScheduledAdam> adam_;
};

}  // namespace

std::vector<MetricSpec> metrics() {
  std::vector<MetricSpec> metrics;
  for (const auto& [prefix, of] : {std::pair{"train", "training"}, {"val", "validation"}}) {
    metrics.push_back(
        {fmt::format("{}.loss", prefix), Better::lower,
         fmt::format("unexplained share of the teacher's variance, summed over all levels, of {}",
                     of),
         ""});
    for (int level = 1; level <= 4; ++level) {
      metrics.push_back({fmt::format("{}.unexplained.relu{}_1", prefix, level), Better::lower,
                         fmt::format("unexplained share of the teacher's variance, of {}", of),
                         ""});
    }
  }
  return metrics;
}

Schema schema() {
  constexpr auto kResource = ParameterRole::resource;
  return Schema({
      path_parameter("teacher", "mini", "the encoder to learn from: a weights file of a VGG-19")
          .one_of({"mini"})
          .part_of_objective(),
      path_parameter("images", "generated:scenes*6000 + generated:paintings*6000",
                     "training images: folders and generators")
          .or_joined()
          .part_of_objective(),
      integer_parameter("dataset_size", 10'000, "training images")
          .between(1, 1'000'000)
          .in("images"),
      integer_parameter("validation_size", 200, "validation images, never trained on")
          .between(1, 100'000)
          .in("images")
          .part_of_objective(),
      integer_parameter("subset_seed", 0, "which images are chosen")
          .between(0, 1'000'000)
          .part_of_objective(),
      real_parameter("most_unreadable", 0.05, "share of the images that may be left out as damaged")
          .between(0, 1)
          .as(kResource),
      integer_parameter("image_size", 96,
                        "side of the crops, from images with a shorter side of twice that")
          .between(32, 512)
          .in("px")
          .part_of_objective(),
      integer_parameter("width_divisor", 4, "number of channels: VGG-19's divided by this")
          .between(1, 16),
      integer_parameter("batch_size", 8, "images in a step").between(1, 4096).in("images"),
      real_parameter("learning_rate", 1e-3, "of Adam, at the start").between(1e-9, 10),
      real_parameter("lr_factor", 0.85, "factor for the rate after each epoch").between(1e-6, 1),
      precision_parameter(),
      device_parameter(),
      loader_threads_parameter(),
      integer_parameter("cache_memory", 1024, "memory for decoded images")
          .between(0, 1'000'000)
          .in("MiB")
          .as(kResource),
  });
}

Encoder trained_encoder(const TrainedRun& run) {
  const auto divisor = static_cast<int>(run.parameters.integer("width_divisor"));
  Encoder encoder(divisor);
  constexpr std::string_view kPrefix = "encoder.";
  NamedTensors own;
  for (const auto& [name, tensor] : read_safetensors(run.checkpoint / kNetworkFile)) {
    if (name.starts_with(kPrefix)) own[name.substr(kPrefix.size())] = tensor;
  }
  copy_weights(own, *encoder);
  return encoder;
}

std::unique_ptr<Experiment> make_experiment() {
  return std::make_unique<EncoderExperiment>();
}

}  // namespace epochal::encoder
