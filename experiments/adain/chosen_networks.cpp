// Which networks --run, --decoder and --encoder mean.

#include "experiments/adain/chosen_networks.h"

#include <fmt/format.h>

#include "experiments/adain/settings.h"
#include "experiments/torch/training/compute_device.h"
#include "experiments/torch/weights/encoder_file.h"
#include "framework/base/error.h"

namespace epochal::adain {
namespace {

namespace po = boost::program_options;

std::string width(int divisor) {
  return divisor == 1 ? "as wide as the paper's"
                      : fmt::format("1/{} as wide as the paper's", divisor);
}

void check_widths(const ChosenNetworks& networks, bool is_encoder_named) {
  const int encoder = networks.encoder->width_divisor();
  const int decoder = networks.decoder->width_divisor();
  if (encoder == decoder) return;
  throw Error(fmt::format("encoder and decoder do not fit together: the {}encoder is {}, the "
                          "decoder {}",
                          is_encoder_named ? "" : "shipped ", width(encoder), width(decoder)),
              {}, "use --encoder FILE to name the encoder that the decoder was trained with");
}

}  // namespace

void add_network_options(VerbOptions& options) {
  options.begin_group("Networks (default: the small pair that ships with epochal)");
  options.add()("decoder", po::value<std::string>()->value_name("FILE"),
                "instead of --run: a decoder's weights file, or mini")(
      "encoder", po::value<std::string>()->value_name("FILE"),
      "the weights file of the decoder's encoder, or mini (default: the run's, or mini)");
}

ChosenNetworks load_networks(const VerbOptions& options, const Verb::FindRun& find_run) {
  constexpr char kShipped[] = "mini";
  if (options.has("run") && options.has("decoder")) {
    throw Error("--run and --decoder both name a decoder", {}, "leave one of them out");
  }
  ChosenNetworks networks;
  if (options.has("run")) {
    networks.run = find_run(options.text("run"));
    networks.decoder = load_decoder(networks.run->checkpoint / "decoder.safetensors");
  } else {
    networks.decoder = load_decoder(options.has("decoder") ? options.text("decoder") : kShipped);
  }
  const bool is_encoder_named = options.has("encoder");
  if (is_encoder_named) {
    networks.encoder = load_encoder(options.text("encoder"));
  } else {
    networks.encoder = networks.run ? encoder_of(*networks.run) : load_encoder(kShipped);
  }
  check_widths(networks, is_encoder_named || networks.run.has_value());
  networks.device = set_up_any_device();
  networks.encoder->to(networks.device);
  networks.decoder->to(networks.device);
  return networks;
}

}  // namespace epochal::adain
