// Training an encoder from scratch: one shared network, a linear head for each question about the
// picture, the sum of their cross-entropies as the loss.

#include "experiments/encoder/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "experiments/encoder/patterns.h"
#include "experiments/torch/batch_queue.h"
#include "experiments/torch/cached_images.h"
#include "experiments/torch/compute_device.h"
#include "experiments/torch/image_tensor.h"
#include "experiments/torch/lr_schedule.h"
#include "experiments/torch/training_state.h"
#include "experiments/torch/vgg_encoder.h"
#include "framework/plugin/keyed_random.h"

namespace epochal::encoder {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

enum Stream : std::uint64_t { kWeights = 100, kOrder, kCrop };

/// The encoder with its heads: means and largest values of relu4_1 -> one linear layer a task.
class ClassifierImpl : public torch::nn::Module {
 public:
  explicit ClassifierImpl(int width_divisor)
      : encoder_(register_module("encoder", Encoder(width_divisor))) {
    const int features = 2 * 512 / width_divisor;
    for (const Task& task : kTasks) {
      heads_.push_back(
          register_module(std::string(task.name), torch::nn::Linear(features, task.classes)));
    }
  }

  /// Images [N,3,S,S] -> logits [N,classes] of each task.
  std::vector<torch::Tensor> forward(const torch::Tensor& images) {
    const torch::Tensor deep = encoder_->deepest(images).flatten(2);
    const torch::Tensor features = torch::cat({deep.mean(2), std::get<0>(deep.max(2))}, 1);
    std::vector<torch::Tensor> logits;
    for (auto& head : heads_) logits.push_back(head->forward(features));
    return logits;
  }

  Encoder& encoder() { return encoder_; }

  /// Weights from `seed` alone. The 1x1 convolution stays fixed: it only centres the colours.
  void initialise_all(std::uint64_t seed) {
    initialise(*this, seed);
    initialise_encoder(encoder_, seed);
    auto fixed = encoder_->named_parameters();
    fixed["0.weight"].set_requires_grad(false);
    fixed["0.bias"].set_requires_grad(false);
  }

 private:
  Encoder encoder_;
  std::vector<torch::nn::Linear> heads_;
};
TORCH_MODULE(Classifier);

struct LabelledBatch {
  torch::Tensor images;  ///< [N,3,S,S] in [0,1]
  torch::Tensor labels;  ///< int64 [N,tasks]
};

/// Sums over samples; every sample counts once.
struct Score {
  double loss = 0;
  std::array<double, kTasks.size()> correct{};
  double samples = 0;

  Metrics metrics(const std::string& prefix) const {
    Metrics metrics{{prefix + ".loss", loss / samples}};
    for (std::size_t task = 0; task < kTasks.size(); ++task) {
      metrics[fmt::format("{}.accuracy.{}", prefix, kTasks.at(task).name)] =
          correct.at(task) / samples;
    }
    return metrics;
  }
};

class EncoderExperiment : public Experiment {
 public:
  void prepare(const RunContext& context) override {
    context_ = context;
    use_threads(context.threads);
    device_ = choose_device(parameters().text("device"));
    classifier_ = Classifier(static_cast<int>(number("width_divisor")));
    classifier_->initialise_all(KeyedRandom({kWeights, context.seed}).next());
    classifier_->to(device_);
    schedule_ =
        exponential_schedule(parameters().real("learning_rate"), parameters().real("lr_factor"));
    std::vector<torch::Tensor> trained;
    for (const auto& parameter : classifier_->named_parameters()) {
      if (!parameter.value().requires_grad()) continue;
      names_.push_back(parameter.key());
      trained.push_back(parameter.value());
    }
    adam_ =
        std::make_unique<torch::optim::Adam>(trained, torch::optim::AdamOptions(schedule_->rate()));
    patterns_.resize(static_cast<std::size_t>(number("validation_size") + number("dataset_size")));
  }

  TrainingPass train(Epoch epoch, Progress& progress) override {
    const std::int64_t size = number("dataset_size");
    const std::int64_t batch_size = number("batch_size");
    const std::int64_t batches = (size + batch_size - 1) / batch_size;
    const auto order =
        keyed_permutation(size, {kOrder, context_.seed, static_cast<std::uint64_t>(epoch)});
    BatchQueue<LabelledBatch> queue(
        batches, static_cast<int>(number("loader_threads")), [&](std::int64_t batch) {
          const std::int64_t first = batch * batch_size;
          return training_batch(epoch, first, std::min(batch_size, size - first), order);
        });
    TrainingPass pass;
    pass.learning_rate = schedule_->rate();
    Score score;
    for (std::int64_t batch = 0; batch < batches; ++batch) {
      const Clock::time_point asked = Clock::now();
      const LabelledBatch labelled = queue.next();
      pass.waiting_for_data += Clock::now() - asked;
      step(labelled, score);
      pass.samples += labelled.images.size(0);
      progress.advance(pass.samples, size);
    }
    schedule_->after_epoch(score.loss);
    pass.metrics = score.metrics("train");
    return pass;
  }

  Metrics validate(Epoch /*epoch*/) override {
    const torch::NoGradGuard no_grad;
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
    write_safetensors(dir / "classifier.safetensors", weights_of(*classifier_));
    write_safetensors(dir / "optimizer.safetensors", adam_state(*adam_, names_));
    std::ofstream out(dir / "schedule.json");
    out << schedule_->state().dump();
    out.close();
    if (!out) throw Error("the checkpoint cannot be written", dir, "check the disk");
  }

  void restore(const fs::path& dir) override {
    copy_weights(read_safetensors(dir / "classifier.safetensors"), *classifier_);
    restore_adam_state(*adam_, names_, read_safetensors(dir / "optimizer.safetensors"));
    std::ifstream in(dir / "schedule.json");
    schedule_->restore(nlohmann::json::parse(in, nullptr, false));
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
    const torch::Tensor labels = batch.labels.to(device_);
    const std::vector<torch::Tensor> logits = classifier_->forward(batch.images.to(device_));
    torch::Tensor loss = torch::zeros({}, torch::TensorOptions().device(device_));
    for (std::size_t task = 0; task < kTasks.size(); ++task) {
      const torch::Tensor wanted = labels.select(1, static_cast<std::int64_t>(task));
      loss = loss + torch::nn::functional::cross_entropy(logits[task], wanted);
      score.correct.at(task) += logits[task].argmax(1).eq(wanted).sum().item<double>();
    }
    const auto count = static_cast<double>(labels.size(0));
    score.loss += count * loss.item<double>();
    score.samples += count;
    return loss;
  }

  void step(const LabelledBatch& batch, Score& score) {
    for (auto& group : adam_->param_groups()) {
      static_cast<torch::optim::AdamOptions&>(group.options()).lr(schedule_->rate());
    }
    adam_->zero_grad();
    loss_of(batch, score).backward();
    adam_->step();
    schedule_->after_step();
  }

  RunContext context_;
  torch::Device device_{torch::kCPU};
  Classifier classifier_{nullptr};
  std::vector<std::string> names_;  ///< of the trained parameters
  std::unique_ptr<LearningRateSchedule> schedule_;
  std::unique_ptr<torch::optim::Adam> adam_;
  std::mutex mutex_;
  std::vector<Pattern> patterns_;
};

}  // namespace

Schema schema() {
  constexpr auto kResource = ParameterRole::resource;
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
      text_parameter("device", "auto", "where to compute")
          .one_of({"auto", "cpu", "cuda"})
          .as(kResource),
      integer_parameter("loader_threads", 1, "threads that prepare batches ahead")
          .between(1, 64)
          .as(kResource),
  });
}

std::unique_ptr<Experiment> make_experiment() {
  return std::make_unique<EncoderExperiment>();
}

}  // namespace epochal::encoder
