// The same pairs of pictures through every run of a report.

#include "experiments/adain/report_grids.h"

#include <fmt/format.h>

#include <charconv>

#include "experiments/adain/losses.h"
#include "experiments/adain/sample_grid.h"
#include "experiments/adain/settings.h"
#include "experiments/torch/cached_images.h"
#include "experiments/torch/compute_device.h"
#include "experiments/torch/image_file.h"
#include "experiments/torch/image_tensor.h"
#include "experiments/torch/training_state.h"

namespace epochal::adain {
namespace {

constexpr int kSide = 128;

const std::vector<std::string>& named(const ReportInputs& inputs, const std::string& key) {
  const auto found = inputs.find(key);
  if (found != inputs.end()) return found->second;
  throw Error(fmt::format("[report] names no {}", key), {},
              "a grid needs both content = […] and style = […]");
}

std::vector<double> alphas_of(const ReportInputs& inputs) {
  const auto found = inputs.find("alpha");
  if (found == inputs.end()) return {1.0};
  std::vector<double> alphas;
  for (const std::string& text : found->second) {
    double alpha = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), alpha);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    if (!is_number || !(alpha >= 0 && alpha <= 1)) {
      throw Error(fmt::format("alpha of [report] is '{}', but must be from 0 to 1", text));
    }
    alphas.push_back(alpha);
  }
  return alphas;
}

/// [N,3,S,S]
torch::Tensor squares(const std::vector<std::string>& files) {
  std::vector<torch::Tensor> images;
  for (const std::string& file : files) {
    images.push_back(to_tensor(centre_crop(resize_shorter_side(read_image(file), kSide), kSide)));
  }
  return torch::cat(images);
}

std::vector<cv::Mat> pictures(const torch::Tensor& images) {
  std::vector<cv::Mat> result;
  for (std::int64_t i = 0; i < images.size(0); ++i) result.push_back(to_image(images[i]));
  return result;
}

}  // namespace

std::vector<Sample> report_grids(const TrainedRun& run, const ReportInputs& inputs) {
  const std::vector<double> alphas = alphas_of(inputs);
  const torch::Device device = set_up_any_device();
  const torch::Tensor contents = squares(named(inputs, "content")).to(device);
  const torch::Tensor styles = squares(named(inputs, "style")).to(device);
  Encoder encoder = make_encoder(run.parameters);
  Decoder decoder = load_decoder(run.checkpoint / "decoder.safetensors");
  encoder->to(device);
  decoder->to(device);

  std::vector<Sample> grids;
  for (const double alpha : alphas) {
    std::vector<cv::Mat> outputs;
    for (std::int64_t row = 0; row < contents.size(0); ++row) {
      const torch::Tensor repeated = contents[row].unsqueeze(0).repeat({styles.size(0), 1, 1, 1});
      for (cv::Mat& made : pictures(stylize(encoder, decoder, repeated, styles, alpha))) {
        outputs.push_back(std::move(made));
      }
    }
    Sample grid;
    grid.name = fmt::format("pairs-alpha-{:.2f}", alpha);
    grid.caption = fmt::format("alpha {:.2f} after epoch {}; rows are contents, columns are styles",
                               alpha, run.epoch);
    grid.png = encode_png(sample_grid(pictures(contents), pictures(styles), outputs));
    grids.push_back(std::move(grid));
  }
  return grids;
}

}  // namespace epochal::adain
