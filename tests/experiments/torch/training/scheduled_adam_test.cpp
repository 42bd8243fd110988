#include "experiments/torch/training/scheduled_adam.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

constexpr double kRate = 0.01;

/// One layer of 2 x 3 weights, all 1, and 2 biases, all 0.
torch::nn::Linear layer() {
  torch::nn::Linear made(3, 2);
  const torch::NoGradGuard guard;
  made->weight.fill_(1);
  made->bias.zero_();
  return made;
}

std::unique_ptr<LearningRateSchedule> schedule() {
  PlateauOptions options;
  options.factor = 0.5;
  options.patience = 0;
  return plateau_schedule(kRate, options);
}

/// A step along gradients that depend on its number and on the weights.
void step(torch::nn::Linear network, ScheduledAdam& adam, int number) {
  const torch::Tensor inputs = torch::tensor({0.5, -1.0, 2.0}, torch::kFloat32) * number;
  (network->forward(inputs) - 1).pow(2).sum().backward();
  adam.step();
}

TEST(ScheduledAdam, TakesTheStepsOfThePaper) {
  torch::nn::Linear network = layer();
  ScheduledAdam adam(*network, schedule());
  // Kingma & Ba 2015, algorithm 1, for the first weight, with gradients 3 and -1.
  double first = 0, second = 0, weight = 1;
  for (int t = 1; t <= 2; ++t) {
    const double gradient = t == 1 ? 3 : -1;
    network->weight.mutable_grad() = torch::full({2, 3}, gradient);
    network->bias.mutable_grad() = torch::zeros({2});
    adam.step();
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient * gradient;
    weight -= kRate * (first / (1 - std::pow(0.9, t))) /
              (std::sqrt(second / (1 - std::pow(0.999, t))) + 1e-8);
    EXPECT_NEAR(network->weight[0][0].item<double>(), weight, 1e-6) << t;
  }
  EXPECT_EQ(network->bias[0].item<double>(), 0);
}

TEST(ScheduledAdam, ForgetsGradientsThatItHasUsed) {
  torch::nn::Linear network = layer();
  ScheduledAdam adam(*network, schedule());
  step(network, adam, 1);
  const torch::Tensor gradient = network->weight.grad();
  EXPECT_TRUE(!gradient.defined() || gradient.abs().sum().item<double>() == 0);
}

TEST(ScheduledAdam, GoesOnFromItsFilesWithTheSameBits) {
  const test::TemporaryFolder folder;
  torch::nn::Linear network = layer();
  ScheduledAdam adam(*network, schedule());
  for (int i = 1; i <= 3; ++i) step(network, adam, i);
  adam.after_epoch(1.0);
  adam.after_epoch(2.0);  // worse: the rate falls
  EXPECT_LT(adam.rate(), kRate);
  adam.save(folder.path());

  torch::nn::Linear other = layer();
  {
    const torch::NoGradGuard guard;
    other->weight.copy_(network->weight);
    other->bias.copy_(network->bias);
  }
  ScheduledAdam resumed(*other, schedule());
  resumed.restore(folder.path());
  EXPECT_EQ(resumed.rate(), adam.rate());
  for (int i = 4; i <= 6; ++i) {
    step(network, adam, i);
    step(other, resumed, i);
  }
  EXPECT_TRUE(torch::equal(network->weight, other->weight));
  EXPECT_TRUE(torch::equal(network->bias, other->bias));
}

TEST(ScheduledAdam, RefusesTheStateOfAnotherNetwork) {
  const test::TemporaryFolder folder;
  torch::nn::Linear network = layer();
  ScheduledAdam adam(*network, schedule());
  step(network, adam, 1);
  adam.save(folder.path());
  torch::nn::Linear wider(3, 4);
  ScheduledAdam other(*wider, schedule());
  test::expect_error("exp_avg.weight", [&] { other.restore(folder.path()); });
}

}  // namespace
}  // namespace epochal
