// The declared parameters, and what is made of them.

#include "experiments/adain/settings.h"

#include <fmt/format.h>

#include "experiments/adain/decoder_initialisation.h"
#include "experiments/torch/training/resource_parameters.h"
#include "experiments/torch/training/training_state.h"
#include "experiments/torch/weights/asset_file.h"
#include "experiments/torch/weights/encoder_file.h"
#include "experiments/torch/weights/weights_file.h"
#include "experiments/torch/weights/weights_layout.h"
#include "framework/base/error.h"
#include "framework/base/sha256.h"

namespace epochal::adain {

std::vector<MetricSpec> metrics() {
  std::vector<MetricSpec> metrics;
  // The networks of the training and its loss do not change what a judge measures.
  const std::vector<std::string> of_the_training{"gamma", "encoder", "loss_encoder", "encoder_seed",
                                                 "width_divisor"};
  for (const auto& [prefix, of] : {std::pair{"train", "training"}, {"val", "validation"}}) {
    const auto add = [&](const char* term, const char* doc,
                         std::vector<std::string> independent_of) {
      metrics.push_back({fmt::format("{}.{}", prefix, term), Better::lower,
                         fmt::format("{} of {}", doc, of), "", std::move(independent_of)});
    };
    add("content", "distance of features to the target of AdaIN,", {"gamma"});
    add("style", "distance of the features' means and deviations to the style's,", {"gamma"});
    add("total", "content and gamma times style,", {});
  }
  metrics.push_back({"judge.content", Better::lower,
                     "content distance of the pictures under the judge, of validation", "",
                     of_the_training});
  metrics.push_back({"judge.style", Better::lower,
                     "style distance of the pictures under the judge, of validation", "",
                     of_the_training});
  return metrics;
}

Schema schema() {
  constexpr auto kResource = ParameterRole::resource;
  return Schema({
      path_parameter("content", "generated:scenes", "content images: folders and generators")
          .one_of({"generated:scenes", "generated:paintings"})
          .or_joined()
          .part_of_objective(),
      path_parameter("style", "generated:paintings", "style images: folders and generators")
          .one_of({"generated:scenes", "generated:paintings"})
          .or_joined()
          .part_of_objective(),
      integer_parameter("dataset_size", 100, "training images of each kind")
          .between(1, 1'000'000)
          .in("images"),
      integer_parameter("validation_size", 16, "validation images of each kind, never trained on")
          .between(1, 100'000)
          .in("images")
          .part_of_objective(),
      integer_parameter("subset_seed", 0, "which images are chosen from the folders")
          .between(0, 1'000'000)
          .part_of_objective(),
      integer_parameter("dataset_seed", 0,
                        "which of the images that do not validate are trained on; 0: the first")
          .between(0, 1'000'000)
          .added_later(),
      real_parameter("most_unreadable", 0.05, "share of the images that may be left out as damaged")
          .between(0, 1)
          .as(kResource),
      integer_parameter("image_size", 256, "side of the square crops for training")
          .between(32, 2048)
          .in("px")
          .part_of_objective(),
      integer_parameter("resize", 0, "shorter side before cropping; 0: twice image_size")
          .between(0, 4096)
          .in("px")
          .part_of_objective(),
      text_parameter("crop", "random", "where crops are taken; centre: the same in every epoch")
          .one_of({"random", "centre"}),
      path_parameter("encoder", "mini", "the frozen network that encodes")
          .one_of({"mini", "random"})
          .part_of_objective(),
      path_parameter("loss_encoder", "same",
                     "the network that measures the losses; same: the encoder")
          .one_of({"same", "mini"})
          .part_of_objective(),
      integer_parameter("encoder_seed", 0, "random encoder: seed of its weights")
          .between(0, 1'000'000)
          .part_of_objective(),
      integer_parameter("width_divisor", 4, "random encoder: 1 is as wide as the paper's, 4 small")
          .between(1, 16)
          .part_of_objective(),
      path_parameter("init", "scaled",
                     "initial weights of the decoder: a random distribution, or a decoder's file")
          .one_of({"scaled", "pytorch", "he", "start", "mini"}),
      integer_parameter("batch_size", 8, "pairs in a step").between(1, 4096).in("images"),
      real_parameter("learning_rate", 5e-4, "of Adam, at the start").between(1e-9, 10),
      real_parameter("gamma", 1.0, "weight of the style loss").between(0, 1e6).part_of_objective(),
      text_parameter("lr_schedule", "plateau", "how the learning rate changes")
          .one_of({"constant", "plateau", "exponential", "inverse_time"}),
      real_parameter("plateau_factor", 0.1, "plateau: factor for the rate").between(1e-6, 0.999),
      integer_parameter("plateau_patience", 10,
                        "plateau: epochs without progress before the rate falls")
          .between(0, 1'000'000)
          .in("epochs"),
      real_parameter("lr_factor", 0.95, "exponential: factor for the rate after each epoch")
          .between(1e-6, 1),
      real_parameter("lr_decay", 5e-5, "inverse_time: rate / (1 + lr_decay * step)")
          .between(0, 1e3),
      precision_parameter(),
      device_parameter(),
      loader_threads_parameter(),
      integer_parameter("micro_batch", 0,
                        "pairs in memory at a time; auto: the fastest number that fits")
          .between(0, 4096)
          .or_auto()
          .in("images")
          .as(kResource),
      integer_parameter("cache_memory", 1024, "memory for decoded images, of each kind")
          .between(0, 1'000'000)
          .in("MiB")
          .as(kResource),
      text_parameter("cache_targets", "auto",
                     "keep content features and style statistics; auto: if crops stay the same")
          .one_of({"auto", "on", "off"})
          .as(kResource),
      integer_parameter("target_memory", 1024, "memory for kept features and statistics")
          .between(0, 1'000'000)
          .in("MiB")
          .as(kResource),
      integer_parameter("log_every", 10, "steps between values by step of the losses; 0: none")
          .between(0, 1'000'000)
          .in("steps")
          .as(kResource),
      integer_parameter("validate_every", 1,
                        "epochs between two validations; the last epoch always has one")
          .between(1, 1'000'000)
          .in("epochs")
          .as(kResource),
      path_parameter("judge", "",
                     "weights of an encoder that judges the pictures of validation; empty: none")
          .one_of({"mini"})
          .as(kResource),
      integer_parameter("judge_every", 1,
                        "epochs between two judgements; the last epoch always has one")
          .between(1, 1'000'000)
          .in("epochs")
          .as(kResource),
      integer_parameter("sample_every", 0, "epochs between sample grids; 0: about five in a run")
          .between(0, 1'000'000)
          .in("epochs")
          .as(kResource),
  });
}

namespace {

/// "mini" is the small decoder that ships with epochal, "start" the same after the first part of
/// its training; any other name is a file.
std::string decoder_file(const std::string& name) {
  const bool ships = name == "mini" || name == "start";
  return ships ? asset_file("decoder-" + name + ".safetensors").string() : name;
}

bool is_drawn(const std::string& init) {
  return init == "scaled" || init == "pytorch" || init == "he";
}

}  // namespace

Decoder load_decoder(const std::string& name) {
  const std::string file = decoder_file(name);
  const NamedWeights weights = find_decoder(read_weights(file), file);
  Decoder decoder(weights.width_divisor);
  copy_weights(weights.tensors, *decoder);
  return decoder;
}

Encoder make_encoder(const Parameters& parameters) {
  const std::string& name = parameters.text("encoder");
  if (name != "random") return load_encoder(name);
  Encoder encoder(static_cast<int>(parameters.integer("width_divisor")));
  initialise_encoder(encoder, static_cast<std::uint64_t>(parameters.integer("encoder_seed")));
  freeze(encoder);
  return encoder;
}

Encoder encoder_of(const TrainedRun& run) {
  const std::string& name = run.parameters.text("encoder");
  if (name != "random" && !run.inputs.weights.starts_with(sha256_of_file(encoder_file(name)))) {
    throw Error(fmt::format("this encoder is not the one that run {} was trained with",
                            run.identity.substr(0, 10)),
                encoder_file(name), "restore that one, or name it with --encoder FILE");
  }
  return make_encoder(run.parameters);
}

Encoder make_loss_encoder(const Parameters& parameters) {
  const std::string& name = parameters.text("loss_encoder");
  return name == "same" ? Encoder(nullptr) : load_encoder(name);
}

Decoder make_decoder(const Parameters& parameters, int width_divisor, std::uint64_t seed) {
  const std::string& init = parameters.text("init");
  if (is_drawn(init)) {
    Decoder decoder(width_divisor);
    initialise_decoder(decoder, initialisation_of(init), seed);
    return decoder;
  }
  Decoder decoder = load_decoder(init);
  if (decoder->width_divisor() == width_divisor) return decoder;
  throw Error(fmt::format("init names a decoder with width divisor {}, but the encoder has "
                          "width divisor {}",
                          decoder->width_divisor(), width_divisor),
              decoder_file(init), "name a decoder of the encoder's width");
}

std::string weights_fingerprint(const Parameters& parameters) {
  const std::string& name = parameters.text("encoder");
  const std::string& init = parameters.text("init");
  const std::string fingerprint =
      name == "random"
          ? fmt::format("random encoder, seed {}, width divisor {}",
                        parameters.integer("encoder_seed"), parameters.integer("width_divisor"))
          : sha256_of_file(encoder_file(name));
  const std::string begun =
      "; decoder begun as " + (is_drawn(init) ? init : sha256_of_file(decoder_file(init)));
  const std::string& judge = parameters.text("loss_encoder");
  return fingerprint + begun +
         (judge == "same" ? "" : "; losses by " + sha256_of_file(encoder_file(judge)));
}

std::unique_ptr<LearningRateSchedule> make_schedule(const Parameters& parameters) {
  const double rate = parameters.real("learning_rate");
  const std::string& kind = parameters.text("lr_schedule");
  if (kind == "constant") return constant_schedule(rate);
  if (kind == "exponential") return exponential_schedule(rate, parameters.real("lr_factor"));
  if (kind == "inverse_time") return inverse_time_schedule(rate, parameters.real("lr_decay"));
  return plateau_schedule(rate, {.factor = parameters.real("plateau_factor"),
                                 .patience = parameters.integer("plateau_patience")});
}

int resize_side(const Parameters& parameters) {
  const auto crop = static_cast<int>(parameters.integer("image_size"));
  const auto side = static_cast<int>(parameters.integer("resize"));
  if (side == 0) return 2 * crop;
  if (side < crop) {
    throw Error(
        fmt::format("resize = {} is smaller than image_size = {}: crops would not fit", side, crop),
        {}, "raise resize, or set it to 0 for twice image_size");
  }
  return side;
}

std::int64_t target_bytes(const Parameters& parameters) {
  const bool are_fixed = parameters.text("crop") == "centre";
  const std::string& asked = parameters.text("cache_targets");
  if (asked == "on" && !are_fixed) {
    throw Error("cache_targets = on, but random crops are new in every epoch", {},
                "set crop=centre, or cache_targets=auto");
  }
  return are_fixed && asked != "off" ? parameters.integer("target_memory") << 20 : 0;
}

}  // namespace epochal::adain
