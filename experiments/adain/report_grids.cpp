// The same pairs of pictures through every run of a report, and what is measured of them.

#include "experiments/adain/report_grids.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/adain/judge.h"
#include "experiments/adain/losses.h"
#include "experiments/adain/picture_sheet.h"
#include "experiments/adain/settings.h"
#include "experiments/torch/images/cached_images.h"
#include "experiments/torch/images/image_file.h"
#include "experiments/torch/images/image_tensor.h"
#include "experiments/torch/images/named_pictures.h"
#include "experiments/torch/training/compute_device.h"
#include "experiments/torch/weights/encoder_file.h"

namespace epochal::adain {
namespace {

constexpr int kSide = 192;
constexpr char kShipped[] = "mini";

/// What a report asks for.
struct Request {
  std::vector<cv::Mat> contents;
  std::vector<cv::Mat> styles;
  std::vector<double> alphas;
  Encoder judge{nullptr};  ///< empty where none is named
};

/// A network that ships with epochal, or a file.
std::string weights_named(const ReportInput& input) {
  return input.text == kShipped ? input.text : input.path();
}

std::vector<cv::Mat> squares(const ReportInputs& inputs, const std::string& key) {
  const auto found = inputs.find(key);
  if (found == inputs.end()) {
    throw Error(fmt::format("[report] names no {}", key), {},
                "a grid needs both content = […] and style = […]");
  }
  std::vector<cv::Mat> images;
  for (const ReportInput& input : found->second) {
    const std::string name = is_generated_picture(input.text) ? input.text : input.path();
    images.push_back(centre_crop(load_picture(name, kSide), kSide).clone());
  }
  return images;
}

std::vector<double> alphas_of(const ReportInputs& inputs) {
  const auto found = inputs.find("alpha");
  if (found == inputs.end()) return {1.0};
  std::vector<double> alphas;
  for (const ReportInput& input : found->second) {
    if (!(input.number >= 0 && input.number <= 1)) {
      throw Error(fmt::format("alpha of [report] is '{}', but must be from 0 to 1", input.text));
    }
    alphas.push_back(input.number);
  }
  return alphas;
}

Request request_of(const ReportInputs& inputs) {
  Request request{squares(inputs, "content"), squares(inputs, "style"), alphas_of(inputs)};
  const auto judge = inputs.find("judge");
  if (judge != inputs.end()) request.judge = load_encoder(weights_named(judge->second.front()));
  return request;
}

/// "0.50", and "0.005" for what would be the same as another.
std::string two_decimals_or_more(double alpha) {
  const double hundredths = alpha * 100;
  return hundredths == std::round(hundredths) ? fmt::format("{:.2f}", alpha)
                                              : fmt::format("{}", alpha);
}

/// A model with all that it is asked to draw.
class Drawer {
 public:
  Drawer(Encoder encoder, Decoder decoder, Request request)
      : encoder_(std::move(encoder)), decoder_(std::move(decoder)), request_(std::move(request)) {
    encoder_->to(device_);
    decoder_->to(device_);
  }

  /// `when` says of which state of the model the pictures are: " after epoch 20".
  Drawing draw(const std::string& when) {
    Drawing drawing;
    const double strongest = *std::max_element(request_.alphas.begin(), request_.alphas.end());
    for (const double alpha : request_.alphas) {
      const std::vector<cv::Mat> made = outputs(alpha);
      Sample grid;
      const std::string strength = two_decimals_or_more(alpha);
      grid.name = "pairs-alpha-" + strength;
      grid.caption =
          fmt::format("alpha {}{}; rows are contents, columns are styles", strength, when);
      const cv::Mat pictures = sample_grid(request_.contents, request_.styles, made);
      grid.bytes = encode_png(pictures);
      grid.preview = encode_jpeg(pictures);
      drawing.samples.push_back(std::move(grid));
      if (alpha == strongest) drawing.measurements = measurements(made);
    }
    return drawing;
  }

 private:
  std::vector<cv::Mat> outputs(double alpha) {
    std::vector<cv::Mat> made;
    for (const cv::Mat& content : request_.contents) {
      for (const cv::Mat& style : request_.styles) {
        made.push_back(to_finite_image(stylize(encoder_, decoder_, to_tensor(content).to(device_),
                                               to_tensor(style).to(device_), alpha)));
      }
    }
    return made;
  }

  std::vector<Measurement> measurements(const std::vector<cv::Mat>& made) {
    Judge judge(request_.judge, device_);
    std::vector<Judge::Exhibit> styles;
    for (const cv::Mat& style : request_.styles) styles.push_back(judge.exhibit(style));
    std::vector<Judgement> judgements;
    for (const cv::Mat& picture : request_.contents) {
      const Judge::Exhibit content = judge.exhibit(picture);
      for (const Judge::Exhibit& style : styles) {
        judgements.push_back(judge.judge(content, style, made.at(judgements.size())));
      }
    }
    std::vector<Measurement> found;
    for (const Measure& measure : measures()) {
      const std::optional<double> mean = mean_of(measure, judgements);
      if (mean) found.push_back({measure.name, measure.meaning, measure.better, *mean});
    }
    return found;
  }

  torch::Device device_ = set_up_any_device();
  Encoder encoder_;
  Decoder decoder_;
  Request request_;
};

}  // namespace

std::vector<ReportInputSpec> report_inputs() {
  using Kind = ReportInputSpec::Kind;
  return {{"content", Kind::paths, "pictures to be painted, such as generated:scenes:3"},
          {"style", Kind::paths, "paintings whose style they get"},
          {"alpha", Kind::reals, "strength of the style, from 0 to 1 (default 1)"},
          {"judge", Kind::path, "encoder that measures content and style: mini, or a file"},
          {"reference", Kind::path, "another trained decoder for comparison: mini, or a file"},
          {"reference_encoder", Kind::path, "the encoder of the reference (default mini)"}};
}

Drawing report_grids(const TrainedRun& run, const ReportInputs& inputs) {
  Request request = request_of(inputs);
  // A run that cannot be drawn, such as one that diverged, takes no picture from the others.
  try {
    Drawer drawer(encoder_of(run), load_decoder((run.checkpoint / "decoder.safetensors").string()),
                  std::move(request));
    return drawer.draw(fmt::format(" after epoch {}", run.epoch));
  } catch (const Error& error) {
    return {{}, {}, error.what()};
  }
}

std::optional<ReferenceDrawing> reference_grids(const ReportInputs& inputs) {
  const auto reference = inputs.find("reference");
  if (reference == inputs.end()) return std::nullopt;
  const auto named = inputs.find("reference_encoder");
  Encoder encoder =
      load_encoder(named == inputs.end() ? kShipped : weights_named(named->second.front()));
  Decoder decoder = load_decoder(weights_named(reference->second.front()));
  if (encoder->width_divisor() != decoder->width_divisor()) {
    throw Error("the reference's encoder and decoder do not fit together", {},
                "set reference_encoder in [report] to the encoder that it was trained with");
  }
  Drawer drawer(std::move(encoder), std::move(decoder), request_of(inputs));
  return ReferenceDrawing{reference->second.front().text, drawer.draw("")};
}

}  // namespace epochal::adain
