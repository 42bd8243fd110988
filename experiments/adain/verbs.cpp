// Using a trained decoder from the command line.

#include "experiments/adain/verbs.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "experiments/adain/losses.h"
#include "experiments/adain/settings.h"
#include "experiments/torch/compute_device.h"
#include "experiments/torch/encoder_file.h"
#include "experiments/torch/image_file.h"
#include "experiments/torch/image_tensor.h"
#include "experiments/torch/training_state.h"
#include "experiments/torch/verb_options.h"

namespace epochal::adain {
namespace {

namespace po = boost::program_options;

constexpr int kSmallestSide = 32;
constexpr int kLargestSide = 4096;

/// The networks that a command was asked to use, and where they come from.
struct Networks {
  Encoder encoder{nullptr};
  Decoder decoder{nullptr};
  torch::Device device = torch::kCPU;
  std::optional<TrainedRun> run;
};

/// Both sides cut to a multiple of 8, which the networks give back unchanged.
cv::Mat cut_to_eights(const cv::Mat& image) {
  return image(cv::Rect(0, 0, image.cols / 8 * 8, image.rows / 8 * 8));
}

/// [1,3,H,W]; `side` 0 keeps the size of the file.
torch::Tensor load_image(const std::string& file, int side) {
  cv::Mat image = read_image(file);
  if (side > 0) image = resize_shorter_side(image, side);
  const int shorter = std::min(image.rows, image.cols);
  const int longer = std::max(image.rows, image.cols);
  if (shorter < kSmallestSide || longer > kLargestSide) {
    throw Error(fmt::format("the image is {} x {} pixels, but sides must be {} to {}", image.cols,
                            image.rows, kSmallestSide, kLargestSide),
                file, "give another --size");
  }
  return to_tensor(cut_to_eights(image));
}

/// What the commands on a pair of images share.
void add_pair(VerbOptions& options) {
  options.add()("decoder", po::value<std::string>(), "instead of a run: a decoder's weights file")(
      "encoder", po::value<std::string>(), "its encoder's weights file (default: the run's)")(
      "content", po::value<std::string>(), "content image")("style", po::value<std::string>(),
                                                            "style image")(
      "size", po::value<int>()->default_value(512),
      "shorter side of both images in pixels; 0 keeps them as they are");
}

int side_of(const VerbOptions& options) {
  const int side = options.integer("size");
  if (side == 0 || (side >= kSmallestSide && side <= kLargestSide)) return side;
  throw Error(fmt::format("--size {} is out of range", side), {},
              fmt::format("give 0, or {} to {}", kSmallestSide, kLargestSide));
}

/// From a run of the store, from files, or a run's encoder replaced by a file.
Networks load_networks(const VerbOptions& options, const Verb::FindRun& find_run) {
  if (options.has("run") == options.has("decoder")) {
    throw Error("name either a trained run with --run or a decoder's file with --decoder", {},
                "usage: epochal " + options.usage());
  }
  Networks networks;
  if (options.has("run")) {
    networks.run = find_run(options.text("run"));
    networks.decoder = load_decoder(networks.run->checkpoint / "decoder.safetensors");
  } else {
    networks.decoder = load_decoder(options.text("decoder"));
  }
  networks.encoder = networks.run && !options.has("encoder")
                         ? make_encoder(networks.run->parameters)
                         : load_encoder(options.text("encoder"));
  if (networks.encoder->width_divisor() != networks.decoder->width_divisor()) {
    throw Error(fmt::format("encoder and decoder do not belong together: their widths are divided "
                            "by {} and {}",
                            networks.encoder->width_divisor(), networks.decoder->width_divisor()),
                {}, "name the encoder that the decoder was trained with");
  }
  networks.device = set_up_any_device();
  networks.encoder->to(networks.device);
  networks.decoder->to(networks.device);
  return networks;
}

void write_png(const std::string& file, const cv::Mat& rgb) {
  const std::vector<std::byte> png = encode_png(rgb);
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
  out.close();
  if (!out) throw Error("the picture cannot be written", file, "choose another file with -o");
}

int stylize_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run) {
  VerbOptions options(
      "stylize --run RUN | --decoder FILE --encoder FILE --content A --style B -o OUT.png");
  add_pair(options);
  options.add()("output,o", po::value<std::string>(), "the PNG file to write")(
      "alpha", po::value<double>()->default_value(1.0), "strength of the style, 0 to 1");
  if (!options.parse(arguments)) return 0;
  const std::string& output = options.text("output");
  const double alpha = options.number("alpha", 0, 1);
  const torch::Tensor content = load_image(options.text("content"), side_of(options));
  const torch::Tensor style = load_image(options.text("style"), side_of(options));

  Networks networks = load_networks(options, find_run);
  const torch::Tensor picture =
      stylize(networks.encoder, networks.decoder, content.to(networks.device),
              style.to(networks.device), alpha);
  write_png(output, to_image(picture));
  std::cout << output << '\n';
  return 0;
}

int export_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run) {
  VerbOptions options("adain export --run RUN -o FILE.safetensors");
  options.add()("output,o", po::value<std::string>(), "the safetensors file to write");
  if (!options.parse(arguments)) return 0;
  const std::string& output = options.text("output");
  const TrainedRun run = find_run(options.text("run"));
  const Decoder decoder = load_decoder(run.checkpoint / "decoder.safetensors");
  write_safetensors(output, weights_of(*decoder));
  std::cout << output << '\n';
  return 0;
}

int loss_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run) {
  VerbOptions options("adain loss --run RUN | --decoder FILE --encoder FILE --content A --style B");
  add_pair(options);
  options.add()("gamma", po::value<double>(),
                "weight of the style loss (default: the run's, or 1)");
  if (!options.parse(arguments)) return 0;
  const torch::Tensor content = load_image(options.text("content"), side_of(options));
  const torch::Tensor style = load_image(options.text("style"), side_of(options));

  Networks networks = load_networks(options, find_run);
  const double of_run = networks.run ? networks.run->parameters.real("gamma") : 1.0;
  const double gamma = options.has("gamma") ? options.number("gamma", 0, 1e6) : of_run;
  const torch::NoGradGuard no_grad;
  const Losses losses = losses_of(networks.encoder, networks.decoder, content.to(networks.device),
                                  style.to(networks.device), gamma);
  nlohmann::ordered_json result{{"content", losses.content.item<double>()},
                                {"style", losses.style.item<double>()},
                                {"total", losses.total.item<double>()},
                                {"gamma", gamma}};
  if (networks.run) {
    result["run"] = networks.run->identity;
    result["epoch"] = networks.run->epoch;
  }
  std::cout << result.dump(2) << '\n';
  return 0;
}

}  // namespace

std::vector<Verb> verbs() {
  return {{"stylize", "paint a content image in the style of another", stylize_verb},
          {"loss", "content, style and total loss of one pair, as JSON", loss_verb},
          {"export", "a run's decoder as a safetensors file", export_verb}};
}

}  // namespace epochal::adain
