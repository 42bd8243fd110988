// The training of an AdaIN decoder, in the order in which things happen: prepare, train, validate,
// samples, save and restore.

#include "experiments/adain/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "experiments/adain/losses.h"
#include "experiments/adain/sample_grid.h"
#include "experiments/adain/settings.h"
#include "experiments/torch/batch_queue.h"
#include "experiments/torch/cached_images.h"
#include "experiments/torch/compute_device.h"
#include "experiments/torch/image_file.h"
#include "experiments/torch/image_split.h"
#include "experiments/torch/image_tensor.h"
#include "experiments/torch/training_state.h"
#include "framework/plugin/keyed_random.h"

namespace epochal::adain {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

/// What a keyed random stream is for; the first word of its key.
enum Stream : std::uint64_t { kDecoder, kContentOrder, kStyleOrder, kContentCrop, kStyleCrop };

constexpr std::int64_t kGridSide = 4;

/// Sums of losses weighted by samples, so that a short last batch counts as what it is.
class LossMeans {
 public:
  void add(const Losses& losses, std::int64_t samples) {
    const auto weight = static_cast<double>(samples);
    content_ += weight * losses.content.item<double>();
    style_ += weight * losses.style.item<double>();
    total_ += weight * losses.total.item<double>();
    samples_ += weight;
  }

  double total() const { return total_ / samples_; }

  Metrics metrics(const std::string& prefix) const {
    return {{prefix + ".content", content_ / samples_},
            {prefix + ".style", style_ / samples_},
            {prefix + ".total", total()}};
  }

 private:
  double content_ = 0;
  double style_ = 0;
  double total_ = 0;
  double samples_ = 0;
};

/// Content and style images of one step: float [N,3,S,S] in [0,1], on the CPU.
struct PairBatch {
  torch::Tensor content;
  torch::Tensor style;
};

/// One kind of images: where they come from and which of them are for what.
struct ImageSet {
  ImageSet(const std::string& name, const Parameters& parameters)
      : source(open_image_source(name)),
        split(split_images(*source, parameters.integer("dataset_size"),
                           parameters.integer("validation_size"),
                           static_cast<std::uint64_t>(parameters.integer("subset_seed")))),
        training(*source, split.training, resize_side(parameters), budget(parameters)),
        validation(*source, split.validation, resize_side(parameters), budget(parameters)) {}

  static std::int64_t budget(const Parameters& parameters) {
    return parameters.integer("cache_memory") << 20;
  }

  std::unique_ptr<ImageSource> source;
  ImageSplit split;
  CachedImages training;
  CachedImages validation;
};

class AdainExperiment : public Experiment {
 public:
  void prepare(const RunContext& context) override {
    context_ = context;
    use_threads(context.threads);
    at::globalContext().setDeterministicCuDNN(true);
    at::globalContext().setBenchmarkCuDNN(false);
    device_ = choose_device(parameters().text("device"));

    content_ = std::make_unique<ImageSet>(parameters().text("content"), parameters());
    style_ = std::make_unique<ImageSet>(parameters().text("style"), parameters());
    encoder_ = make_encoder(parameters());
    decoder_ = Decoder(encoder_->width_divisor());
    initialise(*decoder_, KeyedRandom({kDecoder, context.seed}).next());
    encoder_->to(device_);
    decoder_->to(device_);
    schedule_ = make_schedule(parameters());
    adam_ = std::make_unique<torch::optim::Adam>(decoder_->parameters(),
                                                 torch::optim::AdamOptions(schedule_->rate()));
    context_.log(fmt::format("training on {} with {} threads", device(), at::get_num_threads()));
  }

  TrainingPass train(Epoch epoch, Progress& progress) override {
    const std::int64_t size = parameters().integer("dataset_size");
    const std::int64_t batch_size = parameters().integer("batch_size");
    const std::int64_t batches = (size + batch_size - 1) / batch_size;
    const auto seed_of_epoch = static_cast<std::uint64_t>(epoch);
    const auto content_order =
        keyed_permutation(size, {kContentOrder, context_.seed, seed_of_epoch});
    const auto style_order = keyed_permutation(size, {kStyleOrder, context_.seed, seed_of_epoch});
    BatchQueue<PairBatch> queue(batches, static_cast<int>(parameters().integer("loader_threads")),
                                [&](std::int64_t batch) {
                                  return training_batch(epoch, batch, content_order, style_order);
                                });

    TrainingPass pass;
    pass.learning_rate = schedule_->rate();
    LossMeans means;
    for (std::int64_t batch = 0; batch < batches; ++batch) {
      const Clock::time_point asked = Clock::now();
      const PairBatch images = queue.next();
      pass.waiting_for_data += Clock::now() - asked;

      const Losses losses = step(images);
      const std::int64_t samples = images.content.size(0);
      means.add(losses, samples);
      pass.samples += samples;
      progress.advance(pass.samples, size);
    }
    schedule_->after_epoch(means.total());
    pass.metrics = means.metrics("train");
    return pass;
  }

  Metrics validate(Epoch /*epoch*/) override {
    const torch::NoGradGuard no_grad;
    const std::int64_t size = content_->validation.size();
    const std::int64_t batch_size = parameters().integer("batch_size");
    LossMeans means;
    for (std::int64_t first = 0; first < size; first += batch_size) {
      const std::int64_t count = std::min(batch_size, size - first);
      const torch::Tensor content = validation_images(content_->validation, first, count);
      const torch::Tensor style = validation_images(style_->validation, first, count);
      means.add(losses_of(encoder_, decoder_, content, style, parameters().real("gamma")), count);
    }
    return means.metrics("val");
  }

  std::vector<Sample> samples(Epoch epoch) override {
    if (!is_sample_epoch(epoch)) return {};
    const std::int64_t count = std::min(kGridSide, content_->validation.size());
    const torch::Tensor contents = validation_images(content_->validation, 0, count);
    const torch::Tensor styles = validation_images(style_->validation, 0, count);
    std::vector<cv::Mat> content_images;
    std::vector<cv::Mat> style_images;
    std::vector<cv::Mat> outputs;
    const std::int64_t side = contents.size(2);
    for (std::int64_t row = 0; row < count; ++row) {
      content_images.push_back(to_image(contents[row]));
      style_images.push_back(to_image(styles[row]));
      const torch::Tensor repeated = contents[row].unsqueeze(0).repeat({count, 1, 1, 1});
      // Sizes that pooling rounds up come back a little larger: the cell shows what was asked for.
      const torch::Tensor made =
          stylize(encoder_, decoder_, repeated, styles, 1.0).slice(2, 0, side).slice(3, 0, side);
      for (std::int64_t column = 0; column < count; ++column) {
        outputs.push_back(to_image(made[column]));
      }
    }
    Sample grid;
    grid.name = "grid";
    grid.caption = "Rows are content images, columns are styles, all from the validation set";
    grid.png = encode_png(sample_grid(content_images, style_images, outputs));
    return {std::move(grid)};
  }

  void save(const fs::path& dir) const override {
    write_safetensors(dir / "decoder.safetensors", weights_of(*decoder_));
    write_safetensors(dir / "optimizer.safetensors", adam_state(*adam_, parameter_names()));
    std::ofstream out(dir / "schedule.json");
    out << schedule_->state().dump();
    out.close();
    if (!out) throw Error("the checkpoint cannot be written", dir, "check the disk");
  }

  void restore(const fs::path& dir) override {
    copy_weights(read_safetensors(dir / "decoder.safetensors"), *decoder_);
    restore_adam_state(*adam_, parameter_names(), read_safetensors(dir / "optimizer.safetensors"));
    std::ifstream in(dir / "schedule.json");
    schedule_->restore(nlohmann::json::parse(in, nullptr, false));
  }

  std::string device() const override { return device_.str(); }

 private:
  const Parameters& parameters() const { return context_.parameters; }

  std::vector<std::string> parameter_names() const { return decoder_->named_parameters().keys(); }

  Losses step(const PairBatch& images) {
    for (auto& group : adam_->param_groups()) {
      static_cast<torch::optim::AdamOptions&>(group.options()).lr(schedule_->rate());
    }
    adam_->zero_grad();
    Losses losses = losses_of(encoder_, decoder_, images.content.to(device_),
                              images.style.to(device_), parameters().real("gamma"));
    losses.total.backward();
    adam_->step();
    schedule_->after_step();
    return losses;
  }

  PairBatch training_batch(Epoch epoch, std::int64_t batch,
                           const std::vector<std::int64_t>& content_order,
                           const std::vector<std::int64_t>& style_order) const {
    const std::int64_t batch_size = parameters().integer("batch_size");
    const std::int64_t first = batch * batch_size;
    const std::int64_t count =
        std::min(batch_size, static_cast<std::int64_t>(content_order.size()) - first);
    const auto side = static_cast<int>(parameters().integer("image_size"));
    PairBatch images{torch::empty({count, 3, side, side}), torch::empty({count, 3, side, side})};
    const auto crop = [&](CachedImages& set, std::int64_t position, Stream stream,
                          std::int64_t index) {
      return random_crop(set.at(position), side,
                         {stream, context_.seed, static_cast<std::uint64_t>(epoch),
                          static_cast<std::uint64_t>(index)});
    };
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t index = first + i;
      const auto slot = static_cast<std::size_t>(index);
      copy_to_tensor(crop(content_->training, content_order[slot], kContentCrop, index),
                     images.content[i]);
      copy_to_tensor(crop(style_->training, style_order[slot], kStyleCrop, index), images.style[i]);
    }
    return images;
  }

  /// Centre crops [count,3,S,S] on the device.
  torch::Tensor validation_images(CachedImages& images, std::int64_t first,
                                  std::int64_t count) const {
    const auto side = static_cast<int>(parameters().integer("image_size"));
    torch::Tensor batch = torch::empty({count, 3, side, side});
    for (std::int64_t i = 0; i < count; ++i) {
      copy_to_tensor(centre_crop(images.at(first + i), side), batch[i]);
    }
    return batch.to(device_);
  }

  bool is_sample_epoch(Epoch epoch) const {
    const auto asked = static_cast<Epoch>(parameters().integer("sample_every"));
    const Epoch every = asked > 0 ? asked : std::max(1, (context_.epochs + 3) / 4);
    return epoch == 1 || epoch == context_.epochs || epoch % every == 0;
  }

  RunContext context_;
  torch::Device device_{torch::kCPU};
  std::unique_ptr<ImageSet> content_;
  std::unique_ptr<ImageSet> style_;
  Encoder encoder_{nullptr};
  Decoder decoder_{nullptr};
  std::unique_ptr<LearningRateSchedule> schedule_;
  std::unique_ptr<torch::optim::Adam> adam_;
};

class AdainInspector : public InputInspector {
 public:
  /// Looks at everything before it complains, so that one message names all that is missing.
  InputFingerprints inspect(const Parameters& parameters) override {
    std::vector<std::string> faults;
    const auto looked_at = [&](const auto& look) -> std::string {
      try {
        return look();
      } catch (const Error& error) {
        faults.emplace_back(error.what());
        return {};
      }
    };
    const std::string content =
        looked_at([&] { return look_at(parameters.text("content"), parameters); });
    const std::string style =
        looked_at([&] { return look_at(parameters.text("style"), parameters); });
    const std::string weights = looked_at([&] { return look_at_encoder(parameters); });
    looked_at([&] { return std::to_string(resize_side(parameters)); });
    if (!faults.empty()) throw Error(fmt::format("{}", fmt::join(faults, "; and ")));
    return {fmt::format("content {}; style {}", content, style), weights};
  }

 private:
  /// Reads the weights once for all runs, so that a file that does not fit stops none half-way.
  std::string look_at_encoder(const Parameters& parameters) {
    const std::string& name = parameters.text("encoder");
    if (name == "random") return weights_fingerprint(parameters);
    std::string& fingerprint = encoders_[name];
    if (fingerprint.empty()) {
      make_encoder(parameters);
      fingerprint = weights_fingerprint(parameters);
    }
    return fingerprint;
  }

  struct Seen {
    std::unique_ptr<ImageSource> source;
    std::string fingerprint;
  };

  const std::string& look_at(const std::string& name, const Parameters& parameters) {
    Seen& seen = seen_[name];
    if (!seen.source) {
      seen.source = open_image_source(name);
      seen.fingerprint = seen.source->fingerprint();
    }
    split_images(*seen.source, parameters.integer("dataset_size"),
                 parameters.integer("validation_size"),
                 static_cast<std::uint64_t>(parameters.integer("subset_seed")));
    return seen.fingerprint;
  }

  std::map<std::string, Seen> seen_;
  std::map<std::string, std::string> encoders_;  ///< fingerprint by name
};

}  // namespace

std::unique_ptr<Experiment> make_experiment() {
  return std::make_unique<AdainExperiment>();
}

std::unique_ptr<InputInspector> make_inspector() {
  return std::make_unique<AdainInspector>();
}

}  // namespace epochal::adain
