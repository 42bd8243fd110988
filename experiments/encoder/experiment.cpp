// Training an encoder from scratch, in the order in which things happen. The loss is the sum of the
// tasks' cross-entropies, of the shares of colour that the feature levels do not explain, and of
// the activations' excess.

#include "experiments/encoder/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "experiments/encoder/patterns.h"
#include "experiments/encoder/supervised_encoder.h"
#include "experiments/torch/batch_pass.h"
#include "experiments/torch/cached_images.h"
#include "experiments/torch/compute_device.h"
#include "experiments/torch/image_tensor.h"
#include "experiments/torch/resource_parameters.h"
#include "experiments/torch/scheduled_adam.h"
#include "experiments/torch/training_state.h"
#include "framework/plugin/keyed_random.h"

namespace epochal::encoder {
namespace fs = std::filesystem;
namespace {

constexpr char kNetworkFile[] = "network.safetensors";

enum Stream : std::uint64_t { kWeights = 100, kOrder, kCrop };

struct LabelledBatch {
  torch::Tensor images;  ///< [N,3,S,S] in [0,1]
  torch::Tensor labels;  ///< int64 [N,tasks]
};

/// Sums over samples; every sample counts once.
struct Score {
  double loss = 0;
  std::array<double, kTasks.size()> correct{};
  std::array<double, 4> unexplained{};  ///< share of the colours' variance, by feature level
  double excess = 0;
  double samples = 0;

  Metrics metrics(const std::string& prefix) const {
    Metrics metrics{{prefix + ".loss", loss / samples}, {prefix + ".excess", excess / samples}};
    for (std::size_t task = 0; task < kTasks.size(); ++task) {
      metrics[fmt::format("{}.accuracy.{}", prefix, kTasks.at(task).name)] =
          correct.at(task) / samples;
    }
    for (std::size_t level = 0; level < unexplained.size(); ++level) {
      metrics[fmt::format("{}.unexplained.relu{}_1", prefix, level + 1)] =
          unexplained.at(level) / samples;
    }
    return metrics;
  }
};

SupervisedEncoder make_network(const Parameters& parameters) {
  std::vector<int> classes;
  for (const Task& task : kTasks) classes.push_back(task.classes);
  return SupervisedEncoder(static_cast<int>(parameters.integer("width_divisor")), classes);
}

class EncoderExperiment : public Experiment {
 public:
  void prepare(const RunContext& context) override {
    context_ = context;
    device_ = set_up_device(parameters().text("device"), context.threads);
    network_ = make_network(parameters());
    network_->initialise_all(KeyedRandom({kWeights, context.seed}).next());
    network_->to(device_);
    adam_.emplace(*network_, exponential_schedule(parameters().real("learning_rate"),
                                                  parameters().real("lr_factor")));
    patterns_.resize(static_cast<std::size_t>(number("validation_size") + number("dataset_size")));
  }

  TrainingPass train(Epoch epoch, Progress& progress) override {
    const BatchPlan plan{number("dataset_size"), number("batch_size"), loader_threads(context_)};
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
        [&](const LabelledBatch& batch) {
          loss_of(batch, score).backward();
          adam_->step();
          return batch.images.size(0);
        });
    adam_->after_epoch(score.loss / score.samples);
    pass.learning_rate = rate;
    pass.metrics = score.metrics("train");
    return pass;
  }

  Metrics validate(Epoch /*epoch*/) override {
    const torch::NoGradGuard no_grad;
    network_->eval();
    const std::int64_t size = number("validation_size");
    const std::int64_t batch_size = number("batch_size");
    Score score;
    for (std::int64_t first = 0; first < size; first += batch_size) {
      const std::int64_t count = std::min(batch_size, size - first);
      LabelledBatch batch = empty_batch(count);
      for (std::int64_t i = 0; i < count; ++i) {
        const Pattern& pattern = pattern_at(first + i);
        put(batch, i, centre_crop(pattern.picture, crop_side()), pattern);
      }
      loss_of(batch, score);
    }
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

  std::string device() const override { return device_.str(); }

 private:
  const Parameters& parameters() const { return context_.parameters; }
  std::int64_t number(const char* name) const { return parameters().integer(name); }
  int crop_side() const { return static_cast<int>(number("image_size")); }

  /// Pattern `position`, validation first: drawn once, then kept.
  const Pattern& pattern_at(std::int64_t position) {
    const auto slot = static_cast<std::size_t>(position);
    {
      const std::lock_guard lock(mutex_);
      if (!patterns_[slot].picture.empty()) return patterns_[slot];
    }
    const int side = crop_side() + crop_side() / 4;
    Pattern pattern = draw_pattern(static_cast<std::uint64_t>(position), side);
    const std::lock_guard lock(mutex_);
    if (patterns_[slot].picture.empty()) patterns_[slot] = std::move(pattern);
    return patterns_[slot];
  }

  LabelledBatch empty_batch(std::int64_t count) const {
    return {torch::empty({count, 3, crop_side(), crop_side()}),
            torch::empty({count, static_cast<std::int64_t>(kTasks.size())}, torch::kInt64)};
  }

  static void put(LabelledBatch& batch, std::int64_t i, const cv::Mat& crop,
                  const Pattern& pattern) {
    copy_to_tensor(crop, batch.images[i]);
    std::copy(pattern.labels.begin(), pattern.labels.end(),
              batch.labels[i].data_ptr<std::int64_t>());
  }

  LabelledBatch training_batch(Epoch epoch, std::int64_t first, std::int64_t count,
                               const std::vector<std::int64_t>& order) {
    LabelledBatch batch = empty_batch(count);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t position = order[static_cast<std::size_t>(first + i)];
      const Pattern& pattern = pattern_at(number("validation_size") + position);
      put(batch, i,
          random_crop(pattern.picture, crop_side(),
                      {kCrop, context_.seed, static_cast<std::uint64_t>(epoch),
                       static_cast<std::uint64_t>(first + i)}),
          pattern);
    }
    return batch;
  }

  torch::Tensor loss_of(const LabelledBatch& batch, Score& score) {
    const torch::Tensor images = batch.images.to(device_);
    const torch::Tensor labels = batch.labels.to(device_);
    const auto count = static_cast<double>(labels.size(0));
    const Answers answers = network_->forward(images);
    torch::Tensor loss = torch::zeros({}, torch::TensorOptions().device(device_));
    for (std::size_t task = 0; task < kTasks.size(); ++task) {
      const torch::Tensor wanted = labels.select(1, static_cast<std::int64_t>(task));
      const torch::Tensor& logits = answers.logits.at(task);
      loss = loss + torch::nn::functional::cross_entropy(logits, wanted);
      score.correct.at(task) += logits.argmax(1).eq(wanted).sum().item<double>();
    }
    loss = loss + answers.excess;
    score.excess += count * answers.excess.item<double>();
    const auto targets = colour_targets(images);
    for (std::size_t level = 0; level < targets.size(); ++level) {
      const torch::Tensor& target = targets.at(level);
      const torch::Tensor unexplained =
          torch::mse_loss(answers.colours.at(level), target) / target.var().add(1e-4);
      loss = loss + unexplained;
      score.unexplained.at(level) += count * unexplained.item<double>();
    }
    score.loss += count * loss.item<double>();
    score.samples += count;
    return loss;
  }

  RunContext context_;
  torch::Device device_{torch::kCPU};
  SupervisedEncoder network_{nullptr};
  std::optional<ScheduledAdam> adam_;
  std::mutex mutex_;
  std::vector<Pattern> patterns_;
};

}  // namespace

Schema schema() {
  return Schema({
      integer_parameter("dataset_size", 12'000, "training patterns")
          .between(1, 1'000'000)
          .in("images"),
      integer_parameter("validation_size", 500, "validation patterns, never trained on")
          .between(1, 100'000)
          .in("images"),
      integer_parameter("image_size", 64, "side of the crops").between(32, 512).in("px"),
      integer_parameter("width_divisor", 4, "channels are VGG-19's divided by this").between(1, 16),
      integer_parameter("batch_size", 32, "patterns in a step").between(1, 4096).in("images"),
      real_parameter("learning_rate", 1e-3, "of Adam, at the start").between(1e-9, 10),
      real_parameter("lr_factor", 0.85, "what the rate is multiplied by each epoch")
          .between(1e-6, 1),
      device_parameter(),
      loader_threads_parameter(),
  });
}

Encoder trained_encoder(const TrainedRun& run) {
  SupervisedEncoder network = make_network(run.parameters);
  copy_weights(read_safetensors(run.checkpoint / kNetworkFile), *network);
  return network->folded();
}

std::unique_ptr<Experiment> make_experiment() {
  return std::make_unique<EncoderExperiment>();
}

}  // namespace epochal::encoder
