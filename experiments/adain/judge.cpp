// Judging a stylised picture by another network and by what a person sees.

#include "experiments/adain/judge.h"

#include <algorithm>

#include "experiments/torch/images/image_tensor.h"

namespace epochal::adain {

const std::vector<Measure>& measures() {
  using Value = std::optional<double>;
  static const std::vector<Measure> all{
      {"content", "content distance (eq. 12) under the judge's network, from 0", Better::lower,
       [](const Judgement& j) -> Value { return j.content; }},
      {"style", "style distance (eq. 13) under the judge's network, from 0", Better::lower,
       [](const Judgement& j) -> Value { return j.style; }},
      {"edges", "how much of the content's edges is kept, -1 to 1", Better::higher,
       [](const Judgement& j) -> Value { return j.edges; }},
      {"colours", "distance of the colours from the style's in Lab, 0 to about 100", Better::lower,
       [](const Judgement& j) -> Value { return j.colours; }},
      {"stripes",
       "horizontal and vertical stripes relative to the content or style: 1 means no more stripes, "
       "9 "
       "only stripes",
       Better::lower, [](const Judgement& j) -> Value { return j.stripes; }},
      {"checkerboard", "share of the detail that repeats every 2, 4 or 8 pixels and is new, 0 to 1",
       Better::lower, [](const Judgement& j) -> Value { return j.checkerboard; }},
  };
  return all;
}

std::optional<double> mean_of(const Measure& measure, const std::vector<Judgement>& judgements) {
  double sum = 0;
  std::size_t count = 0;
  for (const Judgement& judgement : judgements) {
    const std::optional<double> value = measure.of(judgement);
    if (!value) continue;
    sum += *value;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

Judge::Judge(Encoder network, torch::Device device)
    : network_(std::move(network)), device_(device) {
  if (!network_.is_empty()) network_->to(device_);
}

Features Judge::features_of(const cv::Mat& picture) {
  const torch::NoGradGuard no_grad;
  return network_->forward(to_tensor(picture).to(device_));
}

Judge::Exhibit Judge::exhibit(const cv::Mat& picture) {
  Exhibit made;
  made.picture = picture;
  made.stripes = stripes(picture);
  made.checkerboard = checkerboard(picture);
  made.colours = colour_quantiles(picture);
  if (network_.is_empty()) return made;
  const Features features = features_of(picture);
  made.deepest = features.back();
  made.statistics = layer_statistics(features);
  return made;
}

Judgement Judge::judge(const Exhibit& content, const Exhibit& style, const cv::Mat& output) {
  Judgement judgement;
  if (!network_.is_empty()) {
    const torch::NoGradGuard no_grad;
    const Features features = features_of(output);
    const torch::Tensor target = adaptive_instance_norm(content.deepest, style.statistics.back());
    judgement.content = content_loss(features.back(), target).item<double>();
    judgement.style = style_loss(features, style.statistics).item<double>();
  }
  judgement.edges = edges_kept(content.picture, output);
  judgement.colours = colour_distance(style.colours, colour_quantiles(output));
  judgement.stripes = stripes(output) / std::max({content.stripes, style.stripes, 1.0});
  judgement.checkerboard =
      std::max(0.0, checkerboard(output) - std::max(content.checkerboard, style.checkerboard));
  return judgement;
}

}  // namespace epochal::adain
