// The training of an AdaIN decoder, in the order in which things happen: prepare, train, validate,
// samples, save and restore.

#include "experiments/adain/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "experiments/adain/gradient.h"
#include "experiments/adain/losses.h"
#include "experiments/adain/picture_sheet.h"
#include "experiments/adain/settings.h"
#include "experiments/torch/images/image_file.h"
#include "experiments/torch/images/image_set.h"
#include "experiments/torch/images/image_tensor.h"
#include "experiments/torch/training/batch_pass.h"
#include "experiments/torch/training/compute_device.h"
#include "experiments/torch/training/compute_precision.h"
#include "experiments/torch/training/resource_parameters.h"
#include "experiments/torch/training/scheduled_adam.h"
#include "experiments/torch/training/step_memory.h"
#include "experiments/torch/training/training_state.h"
#include "experiments/torch/weights/encoder_file.h"
#include "framework/base/disk_full.h"
#include "framework/base/keyed_random.h"
#include "framework/base/sha256.h"

namespace epochal::adain {
namespace fs = std::filesystem;
namespace {

constexpr char kDecoderFile[] = "decoder.safetensors";
constexpr char kMicroBatchFile[] = "micro_batch.json";

/// What a keyed random stream is for; the first word of its key.
enum Stream : std::uint64_t { kDecoder, kContentOrder, kStyleOrder, kContentCrop, kStyleCrop };

constexpr std::int64_t kGridSide = 4;

/// Under which a run keeps the hash of its judge's weights. No parameter can have this name.
constexpr char kJudgeWeights[] = "weights of the judge";

/// Sums of losses weighted by samples, so that a short last batch counts as what it is. They stay
/// on the device until they are asked for: reading one makes a GPU's queue run dry.
class LossMeans {
 public:
  void add(const Losses& losses, std::int64_t samples) {
    add(sums_.content, losses.content, samples);
    add(sums_.style, losses.style, samples);
    add(sums_.total, losses.total, samples);
    samples_ += static_cast<double>(samples);
  }

  double total() const { return mean(sums_.total); }

  Metrics metrics(const std::string& prefix) const {
    return {{prefix + ".content", mean(sums_.content)},
            {prefix + ".style", mean(sums_.style)},
            {prefix + ".total", total()}};
  }

  /// The means of what was added since `earlier`, which is an earlier copy of this.
  LossMeans since(const LossMeans& earlier) const {
    if (earlier.samples_ == 0) return *this;
    LossMeans added;
    added.sums_ = {sums_.content - earlier.sums_.content, sums_.style - earlier.sums_.style,
                   sums_.total - earlier.sums_.total};
    added.samples_ = samples_ - earlier.samples_;
    return added;
  }

  bool any() const { return samples_ > 0; }

 private:
  static void add(torch::Tensor& sum, const torch::Tensor& loss, std::int64_t samples) {
    const torch::Tensor weighted = loss.to(torch::kFloat64) * samples;
    sum = sum.defined() ? sum + weighted : weighted;
  }

  /// Not a number if there was no sample.
  double mean(const torch::Tensor& sum) const {
    return (sum.defined() ? sum.item<double>() : 0.0) / samples_;
  }

  Losses sums_;
  double samples_ = 0;
};

std::vector<double> column_of(const torch::Tensor& losses) {
  const torch::Tensor all = losses.to(torch::kCPU, torch::kFloat64).contiguous();
  return {all.data_ptr<double>(), all.data_ptr<double>() + all.numel()};
}

std::int64_t cache_bytes(const Parameters& parameters) {
  return parameters.integer("cache_memory") << 20;
}

std::unique_ptr<ImageSet> open_images(const std::string& name, const Parameters& parameters) {
  return std::make_unique<ImageSet>(
      name, ImageSetPlan{parameters.integer("dataset_size"), parameters.integer("validation_size"),
                         static_cast<std::uint64_t>(parameters.integer("subset_seed")),
                         resize_side(parameters), cache_bytes(parameters),
                         parameters.real("most_unreadable"),
                         static_cast<std::uint64_t>(parameters.integer("dataset_seed"))});
}

class AdainExperiment : public Experiment {
 public:
  void prepare(const RunContext& context) override {
    context_ = context;
    device_ = set_up_device(parameters().text("device"), context.threads);

    content_ = open_images(parameters().text("content"), parameters());
    style_ = open_images(parameters().text("style"), parameters());
    encoder_ = make_encoder(parameters());
    decoder_ = make_decoder(parameters(), encoder_->width_divisor(),
                            KeyedRandom({kDecoder, context.seed}).next());
    loss_encoder_ = make_loss_encoder(parameters());
    if (!loss_encoder_.is_empty()) loss_encoder_->to(device_);
    encoder_->to(device_);
    decoder_->to(device_);
    adam_.emplace(*decoder_, make_schedule(parameters()));
    precision_ = precision_of(context_, device_, encoder_->channels());
    context_.log(fmt::format("training on {} with {} threads in {}", device(),
                             at::get_num_threads(), name_of(precision_)));
    try {
      micro_batch_ = choose_micro_batch();
    } catch (const std::exception& error) {
      if (is_out_of_memory(error)) not_even_one_fits(error);
      throw;
    }
    use_micro_batch();
    // Other parts of a batch round otherwise, so the record says how large they were.
    const bool is_automatic = parameters().integer("micro_batch") == 0;
    if (is_automatic && !context_.chosen.contains("micro_batch")) {
      context_.choose("micro_batch", std::to_string(micro_batch_));
    }
  }

  /// A pass that runs out of memory is taken back and done again with smaller parts of the batch.
  TrainingPass train(Epoch epoch, Progress& progress) override {
    for (;;) {
      const NamedTensors weights = copies_of(weights_of(*decoder_));
      const ScheduledAdam::State optimizer = adam_->state();
      try {
        return train_once(epoch, progress);
      } catch (const std::exception& error) {
        if (!is_out_of_memory(error)) throw;
        if (micro_batch_ == 1) not_even_one_fits(error);
        halve_micro_batch(epoch, error.what());
      }
      copy_weights(weights, *decoder_);
      adam_->restore(optimizer);
      forget_gradients();
    }
  }

  Metrics validate(Epoch epoch, Progress& progress) override {
    const std::int64_t size = content_->validation.size();
    const bool is_validated = is_due("validate_every", epoch);
    const bool is_judged = !parameters().text("judge").empty() && is_due("judge_every", epoch);
    samples_ = {};
    if (!is_validated && !is_judged) return {};
    if (is_judged && judge_.is_empty()) load_judge();
    LossMeans means;
    LossMeans judged_means;
    // They stay on the device until all of them are there.
    std::vector<Losses> of_pairs;
    std::vector<Losses> judged_pairs;
    const auto add = [](const PairLosses& losses, std::int64_t count, LossMeans& to_means,
                        std::vector<Losses>& to_pairs) {
      to_means.add(losses.mean, count);
      to_pairs.push_back(losses.each);
    };
    for (std::int64_t first = 0; first < size; first += micro_batch_) {
      const PairBatch pairs = validation_pairs(first, std::min(micro_batch_, size - first));
      const std::int64_t count = pairs.content.size(0);
      if (count > 0) {
        if (is_validated) add(validation_->losses_by_pair(pairs), count, means, of_pairs);
        if (is_judged) add(judged(pairs), count, judged_means, judged_pairs);
      }
      progress.advance(std::min(size, first + micro_batch_), size);
    }
    keep_samples(of_pairs, judged_pairs);
    for (ImageSet* set : {content_.get(), style_.get()}) {
      set->left_out.check(context_);
      set->left_out.record(context_);
    }
    Metrics metrics;
    if (is_validated) metrics = means.metrics("val");
    if (is_judged) {
      metrics.merge(judged_means.metrics("judge"));
      metrics.erase("judge.total");  // a judge knows no weight of the style
    }
    return metrics;
  }

  ValidationSamples validation_samples() const override { return samples_; }

  std::vector<Sample> samples(Epoch epoch) override {
    if (!is_sample_epoch(epoch)) return {};
    const PairBatch pairs = validation_pairs(0, std::min(kGridSide, content_->validation.size()));
    const torch::Tensor& contents = pairs.content;
    const torch::Tensor& styles = pairs.style;
    const std::int64_t count = contents.size(0);
    if (count == 0) return {};
    std::vector<cv::Mat> content_images;
    std::vector<cv::Mat> style_images;
    std::vector<cv::Mat> outputs;
    const std::int64_t side = contents.size(2);
    const std::vector<torch::Tensor> rows = stylize_each(encoder_, decoder_, contents, styles);
    for (std::int64_t row = 0; row < count; ++row) {
      content_images.push_back(to_image(contents[row]));
      style_images.push_back(to_image(styles[row]));
      // Sizes that pooling rounds up come back a little larger: the cell shows what was asked for.
      const torch::Tensor made =
          rows[static_cast<std::size_t>(row)].slice(2, 0, side).slice(3, 0, side);
      for (std::int64_t column = 0; column < count; ++column) {
        outputs.push_back(to_image(made[column]));
      }
    }
    Sample grid;
    grid.name = "grid";
    grid.caption = "Rows are content images, columns are styles, all from the validation set";
    grid.bytes = encode_png(sample_grid(content_images, style_images, outputs));
    return {std::move(grid)};
  }

  void save(const fs::path& dir) const override {
    write_safetensors(dir / kDecoderFile, weights_of(*decoder_));
    adam_->save(dir);
    write_file(dir / kMicroBatchFile, nlohmann::json{{"micro_batch", micro_batch_}}.dump());
  }

  void restore(const fs::path& dir) override {
    copy_weights(read_safetensors(dir / kDecoderFile), *decoder_);
    adam_->restore(dir);
    restore_micro_batch(dir);
  }

  Bytes memory_to_come() const override {
    return content_->bytes_to_come() + style_->bytes_to_come();
  }

  std::string device() const override { return device_.str(); }

 private:
  const Parameters& parameters() const { return context_.parameters; }

  void keep_samples(const std::vector<Losses>& of_pairs, const std::vector<Losses>& judged_pairs) {
    if (!of_pairs.empty() || !judged_pairs.empty()) samples_.set = validation_set();
    if (!of_pairs.empty()) {
      const Losses each = joined(of_pairs);
      samples_.values["val.content"] = column_of(each.content);
      samples_.values["val.style"] = column_of(each.style);
      samples_.values["val.total"] = column_of(each.total);
    }
    if (judged_pairs.empty()) return;
    const Losses judged = joined(judged_pairs);
    samples_.values["judge.content"] = column_of(judged.content);
    samples_.values["judge.style"] = column_of(judged.style);
  }

  /// A fingerprint of the pixels of the validation pairs: of the sources, the choice from them, the
  /// crops, and the pairs that are left out because an image is damaged.
  std::string validation_set() const {
    const std::string data =
        context_.inputs.data.empty()
            ? fmt::format("content {}; style {}", content_->source->fingerprint(),
                          style_->source->fingerprint())
            : context_.inputs.data;
    std::string text = fmt::format(
        "{}; {} pairs of subset {}; {} px of {}", data, parameters().integer("validation_size"),
        parameters().integer("subset_seed"), crop_side(), resize_side(parameters()));
    for (const ImageSet* set : {content_.get(), style_.get()}) {
      for (const auto& [position, reason] : set->validation.failures()) {
        text += fmt::format("; without {}", position);
      }
    }
    return sha256_of(text);
  }

  /// Whether something is done after this epoch that is done every so many epochs and after the
  /// last.
  bool is_due(std::string_view parameter, Epoch epoch) const {
    const auto every = static_cast<Epoch>(parameters().integer(parameter));
    return epoch % every == 0 || epoch == context_.epochs;
  }

  /// Later than the training's networks, so that its memory does not change how a batch is cut.
  void load_judge() {
    const std::string& name = parameters().text("judge");
    const std::string hash = sha256_of_file(encoder_file(name));
    const auto before = context_.chosen.find(kJudgeWeights);
    if (before != context_.chosen.end() && before->second != hash) {
      throw Error("the judge's weights have changed since the run began", encoder_file(name),
                  "restore them, or leave judge out");
    }
    context_.choose(kJudgeWeights, hash);
    judge_ = load_encoder(name);
    judge_->to(device_);
  }

  /// The losses under the judge of the pictures that the decoder makes of pairs, rounded to 8 bits
  /// as a person sees them.
  PairLosses judged(const PairBatch& pairs) {
    const std::int64_t side = crop_side();
    const torch::Tensor made = stylize(encoder_, decoder_, pairs.content, pairs.style, 1.0)
                                   .slice(2, 0, side)
                                   .slice(3, 0, side);
    constexpr double kWhite = 255;
    const torch::Tensor picture = (made.clamp(0, 1) * kWhite).round() / kWhite;
    return losses_of_picture(judge_, pairs.content, pairs.style, picture, /*gamma=*/1);
  }

  TrainingPass train_once(Epoch epoch, Progress& progress) {
    BatchPlan plan{parameters().integer("dataset_size"), parameters().integer("batch_size"),
                   loader_threads(context_)};
    const std::int64_t whole = plan.steps();
    plan.most_steps = steps_of_epoch(context_.steps, epoch, whole);
    const auto order = [&](Stream stream) {
      return keyed_permutation(plan.samples,
                               {stream, context_.seed, static_cast<std::uint64_t>(epoch)});
    };
    const auto content_order = order(kContentOrder);
    const auto style_order = order(kStyleOrder);
    const double rate = adam_->rate();
    LossMeans means;
    LossMeans logged;
    std::int64_t step_number = (epoch - 1) * whole;
    TrainingPass pass = pass_over(
        plan, progress,
        [&](std::int64_t first, std::int64_t count) {
          return training_batch(epoch, first, count, content_order, style_order);
        },
        [&](const PairBatch& images) {
          content_->left_out.check(context_);
          style_->left_out.check(context_);
          const std::int64_t pairs = images.content.size(0);
          if (pairs > 0) means.add(step(images), pairs);
          log_losses(++step_number, means, logged);
          return pairs;
        });
    adam_->after_epoch(means.total());
    pass.learning_rate = rate;
    pass.metrics = means.metrics("train");
    return pass;
  }

  /// The mean losses of the last steps, now and then. An epoch that begins again with smaller parts
  /// says nothing twice.
  void log_losses(std::int64_t step, const LossMeans& means, LossMeans& logged) {
    const std::int64_t every = parameters().integer("log_every");
    if (every == 0 || step % every != 0) return;
    const LossMeans recent = means.since(logged);
    logged = means;
    if (step <= last_logged_ || !recent.any()) return;
    context_.log_step(step, recent.metrics("train"));
    last_logged_ = step;
  }

  Losses step(const PairBatch& images) {
    const Losses losses = gradient_->add(on_device(images));
    adam_->step();
    return losses;
  }

  static NamedTensors copies_of(NamedTensors tensors) {
    for (auto& [name, tensor] : tensors) tensor = tensor.detach().clone();
    return tensors;
  }

  void forget_gradients() {
    for (torch::Tensor& parameter : decoder_->parameters()) parameter.mutable_grad().reset();
  }

  /// How many pairs are in memory at a time: what was asked for, or as many of the batch as fit.
  std::int64_t choose_micro_batch() {
    const std::int64_t batch_size =
        std::min(parameters().integer("batch_size"), parameters().integer("dataset_size"));
    const std::int64_t asked = parameters().integer("micro_batch");
    if (asked > 0) return std::min(asked, batch_size);
    const std::int64_t best = best_micro_batch(device_, precision_, crop_side(), batch_size);
    const auto step = [&](std::int64_t pairs) {
      const torch::Tensor images = torch::full({pairs, 3, crop_side(), crop_side()}, 0.5, device_);
      gradient_for(pairs, precision_, 0)->add({images, images, {}, {}});
      forget_gradients();
    };
    // A tenth is left to whatever else goes on meanwhile.
    if (!device_.is_cpu()) {
      const auto needed = measure_device_step_memory(context_, step);
      if (!needed) return best;
      return fitting(needed->step, needed->room / 10 * 9 - adam_moments(), best);
    }
    if (context_.memory <= 0) return best;
    const Bytes room = context_.memory / 10 * 9 - memory_besides_steps();
    const auto needed = measure_step_memory(context_, room, step);
    return needed ? fitting(*needed, room, best) : best;
  }

  std::int64_t fitting(const StepMemory& needed, Bytes room, std::int64_t pairs) const {
    const std::int64_t part = micro_batch_for(needed, room, pairs);
    const std::string need =
        fmt::format("{} pairs need about {} MiB, and {} MiB are free for them", pairs,
                    needed.of(pairs) >> 20, std::max<Bytes>(0, room) >> 20);
    context_.log(need);
    if (part < pairs) {
      context_.event("memory", fmt::format("{}: a batch is split into parts of {}", need, part));
    }
    return part;
  }

  /// How losses are computed from now on. Those of the validation are float32 whatever the training
  /// is: they are what runs are compared by.
  void use_micro_batch() {
    gradient_.reset();
    validation_.reset();
    gradient_ = gradient_for(micro_batch_, precision_, target_bytes(parameters()));
    validation_ = precision_ == Precision::float32
                      ? gradient_
                      : gradient_for(micro_batch_, Precision::float32, 0);
  }

  std::unique_ptr<LossGradient> gradient_for(std::int64_t micro_batch, Precision precision,
                                             std::int64_t cache_bytes) const {
    return make_gradient(
        encoder_, decoder_, device_,
        {parameters().real("gamma"), micro_batch, precision, cache_bytes, loss_encoder_});
  }

  /// A GPU copies from pinned memory while it computes.
  PairBatch on_device(const PairBatch& pairs) const {
    if (device_.is_cpu()) return pairs;
    // cuDNN's float32 convolutions are faster with planes (docs/performance.md).
    const auto layout = precision_ == Precision::float32 ? torch::MemoryFormat::Contiguous
                                                         : torch::MemoryFormat::ChannelsLast;
    const auto copied = [&](const torch::Tensor& images) {
      return images.to(device_, images.scalar_type(), /*non_blocking=*/true, /*copy=*/false,
                       layout);
    };
    return {copied(pairs.content), copied(pairs.style), pairs.content_numbers, pairs.style_numbers};
  }

  Bytes adam_moments() const {
    Bytes parameter_bytes = 0;
    for (const torch::Tensor& parameter : decoder_->parameters()) {
      parameter_bytes += static_cast<Bytes>(parameter.nbytes());
    }
    return 2 * parameter_bytes;
  }

  /// What the training will hold beside its steps: Adam's two moments, the images that it keeps
  /// decoded, and the batches made ahead.
  Bytes memory_besides_steps() const {
    const Bytes side = resize_side(parameters());
    const Bytes images = content_->training.size() + content_->validation.size();
    // Photographs are rarely wider than twice their height.
    const Bytes kept = std::min(cache_bytes(parameters()), images * side * side * 3 * 2);
    const Bytes batch = 2 * parameters().integer("batch_size") * crop_side() * crop_side() * 3 *
                        static_cast<Bytes>(sizeof(float));
    constexpr Bytes kBatchesAhead = 4;
    return adam_moments() + 2 * kept + kBatchesAhead * batch + target_bytes(parameters());
  }

  /// The same parts give the same bits; but no larger ones than fit here. Checkpoints of older
  /// programs do not say: they never cut a batch.
  void restore_micro_batch(const fs::path& dir) {
    if (parameters().integer("micro_batch") > 0) return;
    std::ifstream in(dir / kMicroBatchFile);
    if (!in) return;
    const nlohmann::json saved = nlohmann::json::parse(in, nullptr, false);
    const auto found = saved.is_object() ? saved.find("micro_batch") : saved.end();
    if (found == saved.end() || !found->is_number_integer() || *found < 1) {
      throw Error("micro_batch.json is not from a checkpoint of adain", dir);
    }
    micro_batch_ = std::min(micro_batch_, found->get<std::int64_t>());
    use_micro_batch();
  }

  [[noreturn]] void not_even_one_fits(const std::exception& error) const {
    const std::string_view said = error.what();
    throw Error(fmt::format("one pair of {} px needs more memory than {} has: {}", crop_side(),
                            device(), said.substr(0, said.find('\n'))),
                {}, "use a smaller image_size, a larger width_divisor, or another device");
  }

  void halve_micro_batch(Epoch epoch, const std::string& reason) {
    micro_batch_ = (micro_batch_ + 1) / 2;
    use_micro_batch();
    const std::string text =
        fmt::format("out of memory in epoch {}: the epoch starts again with {} pairs at a time",
                    epoch, micro_batch_);
    context_.log(fmt::format("{} ({})", text, reason.substr(0, 300)));
    context_.event("memory", text);
  }

  PairBatch training_batch(Epoch epoch, std::int64_t first, std::int64_t count,
                           const std::vector<std::int64_t>& content_order,
                           const std::vector<std::int64_t>& style_order) const {
    const bool is_fixed = parameters().text("crop") == "centre";
    const auto crop = [&](CachedImages& set, std::int64_t position, Stream stream,
                          std::int64_t index) {
      if (is_fixed) return centre_crop(set.at(position), crop_side());
      return random_crop(set.at(position), crop_side(),
                         {stream, context_.seed, static_cast<std::uint64_t>(epoch),
                          static_cast<std::uint64_t>(index)});
    };
    const bool are_known = target_bytes(parameters()) > 0;
    std::vector<cv::Mat> contents;
    std::vector<cv::Mat> styles;
    PairBatch batch;
    for (std::int64_t index = first; index < first + count; ++index) {
      const auto slot = static_cast<std::size_t>(index);
      const bool is_pair =
          add_pair(crop(content_->training, content_order[slot], kContentCrop, index),
                   crop(style_->training, style_order[slot], kStyleCrop, index), contents, styles);
      if (!is_pair || !are_known) continue;
      batch.content_numbers.push_back(content_order[slot]);
      batch.style_numbers.push_back(style_order[slot]);
    }
    batch.content = tensor_of(contents);
    batch.style = tensor_of(styles);
    return batch;
  }

  /// Centre crops on the device.
  PairBatch validation_pairs(std::int64_t first, std::int64_t count) const {
    std::vector<cv::Mat> contents;
    std::vector<cv::Mat> styles;
    for (std::int64_t index = first; index < first + count; ++index) {
      add_pair(centre_crop(content_->validation.at(index), crop_side()),
               centre_crop(style_->validation.at(index), crop_side()), contents, styles);
    }
    return on_device({tensor_of(contents), tensor_of(styles), {}, {}});
  }

  /// A pair of which one image cannot be read is left out; says whether it was not.
  static bool add_pair(const cv::Mat& content, const cv::Mat& style, std::vector<cv::Mat>& contents,
                       std::vector<cv::Mat>& styles) {
    if (content.empty() || style.empty()) return false;
    contents.push_back(content);
    styles.push_back(style);
    return true;
  }

  /// Crops of one size -> [N,3,S,S] in [0,1].
  torch::Tensor tensor_of(const std::vector<cv::Mat>& crops) const {
    const auto count = static_cast<std::int64_t>(crops.size());
    torch::Tensor images = torch::empty({count, 3, crop_side(), crop_side()},
                                        torch::TensorOptions().pinned_memory(!device_.is_cpu()));
    for (std::int64_t i = 0; i < count; ++i) {
      copy_to_tensor(crops[static_cast<std::size_t>(i)], images[i]);
    }
    return images;
  }

  int crop_side() const { return static_cast<int>(parameters().integer("image_size")); }

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
  Encoder loss_encoder_{nullptr};
  Decoder decoder_{nullptr};
  std::optional<ScheduledAdam> adam_;
  Precision precision_ = Precision::float32;
  std::shared_ptr<LossGradient> gradient_;
  std::shared_ptr<LossGradient> validation_;
  std::int64_t micro_batch_ = 1;
  std::int64_t last_logged_ = 0;
  Encoder judge_{nullptr};  ///< loaded for the first epoch that it judges
  ValidationSamples samples_;
};

}  // namespace

std::unique_ptr<Experiment> make_experiment() {
  return std::make_unique<AdainExperiment>();
}

}  // namespace epochal::adain
