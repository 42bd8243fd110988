#include "experiments/adain/decoder_initialisation.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/experiments/adain/reference_networks.h"

namespace epochal::adain {
namespace {

std::vector<torch::nn::Conv2dImpl*> convolutions_of(const Decoder& decoder) {
  std::vector<torch::nn::Conv2dImpl*> found;
  for (const auto& layer : decoder->children()) {
    if (auto* convolution = layer->as<torch::nn::Conv2d>()) found.push_back(convolution);
  }
  return found;
}

double fan_in(const torch::nn::Conv2dImpl& convolution) {
  return static_cast<double>(convolution.weight[0].numel());
}

Decoder initialised(Initialisation kind, int width_divisor, std::uint64_t seed) {
  Decoder decoder(width_divisor);
  initialise_decoder(decoder, kind, seed);
  return decoder;
}

/// The variance of a layer's weights as a multiple of 1 / fan_in.
double gain(const torch::nn::Conv2dImpl& convolution) {
  return convolution.weight.var().item<double>() * fan_in(convolution);
}

TEST(DecoderInitialisation, ScaledKeepsTheVarianceOfItsInputs) {
  const Decoder decoder = initialised(Initialisation::scaled, 1, 3);
  const auto layers = convolutions_of(decoder);
  for (const auto* layer : layers) {
    // Four deviations of a variance that is estimated from so many normal numbers.
    const double spread = 4 * std::sqrt(2.0 / static_cast<double>(layer->weight.numel()));
    EXPECT_NEAR(gain(*layer), 1, spread);
    EXPECT_NEAR(layer->weight.mean().item<double>(), 0,
                4 / std::sqrt(fan_in(*layer) * static_cast<double>(layer->weight.numel())));
    const double bias = layer == layers.back() ? 0.5 : 0;
    EXPECT_TRUE(layer->bias.eq(bias).all().item<bool>());
  }
}

TEST(DecoderInitialisation, HeDoublesTheVariance) {
  const Decoder decoder = initialised(Initialisation::he, 1, 3);
  for (const auto* layer : convolutions_of(decoder)) {
    const double spread = 8 * std::sqrt(2.0 / static_cast<double>(layer->weight.numel()));
    EXPECT_NEAR(gain(*layer), 2, spread);
    EXPECT_TRUE(layer->bias.eq(0).all().item<bool>());
  }
}

TEST(DecoderInitialisation, PytorchStaysInItsBoundsAndFillsThem) {
  const Decoder decoder = initialised(Initialisation::pytorch, 1, 3);
  for (const auto* layer : convolutions_of(decoder)) {
    const double bound = 1 / std::sqrt(fan_in(*layer));
    EXPECT_LE(layer->weight.abs().max().item<double>(), bound * (1 + 1e-6));
    EXPECT_GE(layer->weight.abs().max().item<double>(), 0.99 * bound);
    EXPECT_LE(layer->bias.abs().max().item<double>(), bound * (1 + 1e-6));
    EXPECT_GT(layer->bias.abs().max().item<double>(), 0);
  }
}

TEST(DecoderInitialisation, PytorchDrawsWhatPyTorchDraws) {
  std::ifstream in(EPOCHAL_SOURCE_FOLDER "/tests/experiments/adain/initialisation_reference.json");
  const nlohmann::json reference = nlohmann::json::parse(in);
  const Decoder decoder =
      initialised(Initialisation::pytorch, kDivisor, reference["seed"].get<std::uint64_t>());
  const auto layers = convolutions_of(decoder);
  ASSERT_EQ(layers.size(), reference["layers"].size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const nlohmann::json& wanted = reference["layers"][i];
    const torch::Tensor weight = layers[i]->weight.to(torch::kFloat64);
    const torch::Tensor bias = layers[i]->bias.to(torch::kFloat64);
    EXPECT_NEAR(weight.flatten()[0].item<double>(), wanted["first_weight"].get<double>(), 1e-7);
    EXPECT_NEAR(weight.sum().item<double>(), wanted["weight_sum"].get<double>(), 1e-4);
    EXPECT_NEAR(weight.norm().item<double>(), wanted["weight_norm"].get<double>(), 1e-5);
    EXPECT_NEAR(bias[-1].item<double>(), wanted["last_bias"].get<double>(), 1e-7);
  }
}

TEST(DecoderInitialisation, DependsOnTheSeedAlone) {
  for (const auto kind : {Initialisation::scaled, Initialisation::pytorch, Initialisation::he}) {
    const Decoder one = initialised(kind, kDivisor, 5);
    torch::manual_seed(99);
    const Decoder two = initialised(kind, kDivisor, 5);
    const Decoder other = initialised(kind, kDivisor, 6);
    EXPECT_TRUE(torch::equal(one->parameters()[0], two->parameters()[0]));
    EXPECT_FALSE(torch::equal(one->parameters()[0], other->parameters()[0]));
  }
}

TEST(DecoderInitialisation, HasTheNamesThatTheParameterHas) {
  EXPECT_EQ(initialisation_of("scaled"), Initialisation::scaled);
  EXPECT_EQ(initialisation_of("pytorch"), Initialisation::pytorch);
  EXPECT_EQ(initialisation_of("he"), Initialisation::he);
  EXPECT_THROW(initialisation_of("zeros"), std::logic_error);
}

}  // namespace
}  // namespace epochal::adain
