// `epochal adain loss`: the losses of one pair, to be checked against other implementations.

#include <iostream>
#include <nlohmann/json.hpp>

#include "experiments/adain/chosen_networks.h"
#include "experiments/adain/losses.h"
#include "experiments/adain/picture_options.h"
#include "experiments/adain/verbs.h"
#include "experiments/torch/images/image_tensor.h"
#include "framework/base/error.h"

namespace epochal::adain {
namespace {

namespace po = boost::program_options;

constexpr SideLimits kLossSides{32, 4096};

/// [1,3,H,W], both sides cut to multiples of 8, which the networks give back unchanged.
torch::Tensor load_image(const VerbOptions& options, const char* name) {
  const cv::Mat image = read_scaled(options.text(name), size_of(options), kLossSides);
  return to_tensor(image(cv::Rect(0, 0, image.cols / 8 * 8, image.rows / 8 * 8)));
}

int print_losses(const VerbOptions& options, const Verb::FindRun& find_run) {
  const torch::Tensor content = load_image(options, "content");
  const torch::Tensor style = load_image(options, "style");

  ChosenNetworks networks = load_networks(options, find_run);
  const double of_run = networks.run ? networks.run->parameters.real("gamma") : 1.0;
  const double gamma = options.has("gamma") ? options.number("gamma", 0, 1e6) : of_run;
  const torch::NoGradGuard no_grad;
  const Losses losses = losses_of(networks.encoder, networks.decoder, content.to(networks.device),
                                  style.to(networks.device), gamma);
  if (!losses.total.isfinite().item<bool>()) {
    throw Error("the losses are not finite", {},
                "the networks' weights are damaged or too large, or the training diverged");
  }
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

int loss_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run) {
  VerbOptions options(
      "adain loss --content A --style B [--run RUN | --decoder FILE --encoder FILE]");
  options.add()("content", po::value<std::string>()->value_name("PICTURE"),
                "content image: a file, or generated:scenes:NUMBER")(
      "style", po::value<std::string>()->value_name("PICTURE"),
      "style image: a file, or generated:paintings:NUMBER")(
      "gamma", po::value<double>()->value_name("X"),
      "weight of the style loss (default: the run's, or 1)");
  add_size_option(options);
  add_network_options(options);
  if (!options.parse(arguments)) return 0;
  return naming_size([&] { return print_losses(options, find_run); });
}

}  // namespace epochal::adain
