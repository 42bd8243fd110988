// The training loop of PyTorch's C++ documentation, with epochal's C++ client. The digits are drawn
// here: seven bars, moved, and with noise. So there is nothing to download.

#include <epochal/client.h>
#include <torch/torch.h>

#include <array>
#include <cstdio>
#include <string>

namespace {

constexpr std::int64_t kSide = 16;

/// Which of the bars (top, upper left, upper right, middle, lower left, lower right, bottom) a
/// digit has.
constexpr std::array<const char*, 10> kBars{"1110111", "0010010", "1011101", "1011011", "0111010",
                                            "1101011", "1101111", "1010010", "1111111", "1111011"};

struct Digits {
  torch::Tensor images;  ///< [N,1,16,16]
  torch::Tensor names;   ///< [N]
};

void draw(torch::Tensor image, const char* bars, std::int64_t y, std::int64_t x) {
  using torch::indexing::Slice;
  const auto across = [&](std::int64_t row) { image.index_put_({y + row, Slice(x, x + 6)}, 1); };
  const auto down = [&](std::int64_t row, std::int64_t column) {
    image.index_put_({Slice(y + row, y + row + 5), x + column}, 1);
  };
  if (bars[0] == '1') across(0);
  if (bars[1] == '1') down(0, 0);
  if (bars[2] == '1') down(0, 5);
  if (bars[3] == '1') across(5);
  if (bars[4] == '1') down(5, 0);
  if (bars[5] == '1') down(5, 5);
  if (bars[6] == '1') across(10);
}

/// The same digits for the same seed. Leaves LibTorch's generator in a state that follows from it.
Digits drawn_digits(std::int64_t count, std::uint64_t seed) {
  torch::manual_seed(seed);
  Digits digits{torch::zeros({count, 1, kSide, kSide}), torch::randint(10, {count}, torch::kLong)};
  const torch::Tensor places = torch::randint(5, {count, 2}, torch::kLong);
  for (std::int64_t i = 0; i < count; ++i) {
    draw(digits.images[i][0],
         kBars.at(static_cast<std::size_t>(digits.names[i].item<std::int64_t>())),
         places[i][0].item<std::int64_t>(), places[i][1].item<std::int64_t>() * 2);
  }
  digits.images += 0.3 * torch::randn_like(digits.images);
  return digits;
}

struct Net : torch::nn::Module {
  Net() {
    register_module("conv", conv);
    register_module("hidden", hidden);
    register_module("output", output);
  }

  torch::Tensor forward(torch::Tensor x) {
    x = torch::max_pool2d(torch::relu(conv->forward(x)), 2);
    x = torch::relu(hidden->forward(x.flatten(1)));
    return torch::log_softmax(output->forward(x), 1);
  }

  torch::nn::Conv2d conv{torch::nn::Conv2dOptions(1, 8, 3).padding(1)};
  torch::nn::Linear hidden{8 * 8 * 8, 32};
  torch::nn::Linear output{32, 10};
};

}  // namespace

int main() {
  epochal::client::Run run({{"learning_rate", 0.03}, {"momentum", 0.5}}, 5);
  constexpr std::int64_t kTrained = 4000;
  constexpr std::int64_t kBatch = 25;
  const Digits train = drawn_digits(kTrained, 1);
  const Digits test = drawn_digits(500, 2);

  torch::manual_seed(run.seed());
  Net net;
  torch::optim::SGD optimizer(
      net.parameters(),
      torch::optim::SGDOptions(run["learning_rate"].real()).momentum(run["momentum"].real()));
  if (run.restore_folder()) {
    torch::serialize::InputArchive weights;
    weights.load_from((*run.restore_folder() / "net.pt").string());
    net.load(weights);
    torch::load(optimizer, (*run.restore_folder() / "optimizer.pt").string());
  }
  while (const int epoch = run.next_epoch()) {
    // The order of the epoch follows from its number, and so needs no place in the checkpoint.
    torch::manual_seed(run.seed() * 1000 + static_cast<std::uint64_t>(epoch));
    const torch::Tensor order = torch::randperm(kTrained, torch::kLong);
    double sum = 0;
    for (std::int64_t at = 0; at < kTrained; at += kBatch) {
      const torch::Tensor batch = order.slice(0, at, at + kBatch);
      optimizer.zero_grad();
      const torch::Tensor loss =
          torch::nll_loss(net.forward(train.images.index({batch})), train.names.index({batch}));
      loss.backward();
      optimizer.step();
      sum += loss.item<double>() * kBatch;
      run.progress(at + kBatch, kTrained);
    }
    torch::NoGradGuard no_gradients;
    const torch::Tensor said = net.forward(test.images);
    run.log("train.loss", sum / kTrained);
    run.log("val.loss", torch::nll_loss(said, test.names).item<double>());
    run.log("val.accuracy", said.argmax(1).eq(test.names).to(torch::kFloat).mean().item<double>());
    run.samples(kTrained);
    run.save([&](const std::filesystem::path& folder) {
      torch::serialize::OutputArchive weights;
      net.save(weights);
      weights.save_to((folder / "net.pt").string());
      torch::save(optimizer, (folder / "optimizer.pt").string());
    });
  }
}
