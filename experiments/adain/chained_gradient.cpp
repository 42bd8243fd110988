// The step of a training on convolution chains. In terms of the paper (Huang & Belongie,
// arXiv:1703.06868): x are the activations of a layer of the encoder for the output, with C
// channels of P pixels in a batch of N pairs; mu and sigma their means and deviations, mu_s and
// sigma_s those of the style. The style loss (eq. 13) of a layer adds to the gradient of x
//   2 (mu - mu_s) / (N C P)  +  2 (sigma - sigma_s) / (N C) * (x - mu) / ((P - 1) sigma),
// which is offset + factor * x for each channel of each sample; the content loss (eq. 12) adds
//   2 (x - t) / (N C P)  to the deepest layer.

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <unordered_map>

#include "experiments/adain/gradient.h"
#include "experiments/torch/network_layers.h"

namespace epochal::adain {
namespace {

constexpr std::size_t kTaps = kFeatureLayers.size();
/// Of a group: those of sixteen lanes in each plane.
constexpr std::size_t kMostChannels = 16 * kMostPlanesBeside;

/// What the parts of a batch so far add to its losses.
struct LossSums {
  double content = 0;
  double style = 0;

  Losses losses(double gamma) const {
    const auto scalar = [](double value) { return torch::tensor(value, torch::kFloat64); };
    return {scalar(content), scalar(style), scalar(content + gamma * style)};
  }
};

/// Means and deviations of styles at relu1_1, relu2_1, relu3_1 and relu4_1.
using StyleMoments = std::array<ChannelMoments, kTaps>;

/// relu4_1 of one content image.
struct ContentFeatures {
  std::shared_ptr<const Activations> features;
  ChannelMoments moments;
};

std::shared_ptr<const Activations> copy_of(const Activations& activations) {
  const auto copy = std::make_shared<Activations>(activations.format());
  copy->resize(activations.shape());
  copy->set_rectified(activations.view(0).rectified);
  std::memcpy(copy->data(), activations.data(), activations.bytes());
  return copy;
}

std::int64_t bytes_of(const ChannelMoments& moments) {
  return static_cast<std::int64_t>(2 * moments.mean.size() * sizeof(double));
}
std::int64_t bytes_of(const StyleMoments& style) {
  std::int64_t bytes = 0;
  for (const ChannelMoments& moments : style) bytes += bytes_of(moments);
  return bytes;
}
std::int64_t bytes_of(const ContentFeatures& content) {
  return static_cast<std::int64_t>(content.features->bytes()) + bytes_of(content.moments);
}

/// What is known of images by their number, while there is memory for it.
template <typename Known>
class KnownImages {
 public:
  explicit KnownImages(std::int64_t bytes) : bytes_left_(bytes) {}

  /// What is known of it, or else what `make` gives.
  template <typename Make>
  Known get(std::int64_t number, const Make& make) {
    if (const auto found = known_.find(number); found != known_.end()) return found->second;
    Known made = make();
    if (bytes_of(made) > bytes_left_) return made;
    bytes_left_ -= bytes_of(made);
    return known_.emplace(number, std::move(made)).first->second;
  }

 private:
  std::int64_t bytes_left_;
  std::unordered_map<std::int64_t, Known> known_;
};

class ChainedGradient : public LossGradient {
 public:
  ChainedGradient(Encoder encoder, Decoder decoder, const GradientSettings& settings)
      : settings_(settings),
        encoder_module_(std::move(encoder)),
        decoder_module_(std::move(decoder)),
        encoder_layers_(layers_of(*encoder_module_)),
        decoder_layers_(layers_of(*decoder_module_)),
        encoder_(encoder_layers_.layers, settings.precision, ConvolutionChain::Trained::nothing),
        decoder_(decoder_layers_.layers, settings.precision, ConvolutionChain::Trained::weights),
        target_(ConvolutionChain::format(settings.precision)),
        styles_(settings.cache_bytes / 8),
        contents_(settings.cache_bytes - settings.cache_bytes / 8) {
    for (std::size_t i = 0; i < kTaps; ++i) {
      taps_.at(i) = encoder_layers_.layer_of_child.at(kFeatureLayers.at(i));
    }
  }

  Losses losses(const PairBatch& pairs) override {
    decoder_.load_weights();
    return over_parts(pairs, [](const LossTerms&) {});
  }

  Losses add(const PairBatch& pairs) override {
    decoder_.load_weights();
    decoder_.clear_gradients();
    const Losses losses = over_parts(pairs, [&](const LossTerms& terms) { differentiate(terms); });
    add_to_parameters();
    return losses;
  }

 private:
  /// What the losses of one part add to the gradients of the encoder's layers.
  struct LossTerms {
    std::vector<LayerTerms> layers;
    float content = 0;  ///< weight of x - t in the deepest one
  };

  /// Samples first … end-1 of a batch.
  struct Part {
    std::int64_t first;
    std::int64_t end;
  };

  template <typename Then>
  Losses over_parts(const PairBatch& pairs, const Then& then) {
    const torch::Tensor content = pairs.content.contiguous();
    const torch::Tensor style = pairs.style.contiguous();
    const std::int64_t samples = content.size(0);
    const std::int64_t parts = (samples + settings_.micro_batch - 1) / settings_.micro_batch;
    LossSums sums;
    for (std::int64_t part = 0; part < parts; ++part) {
      const Part of{samples * part / parts, samples * (part + 1) / parts};
      know_style(style, pairs.style_numbers, of);
      make_target(content, pairs.content_numbers, of);
      decoder_.forward(target_);
      encoder_.forward(decoder_.output());
      then(add_losses(samples, sums));
    }
    return sums.losses(settings_.gamma);
  }

  /// Fills style_ for a part.
  void know_style(const torch::Tensor& images, const std::vector<std::int64_t>& numbers,
                  Part part) {
    if (numbers.empty()) {
      encode(images.narrow(0, part.first, part.end - part.first));
      style_ = style_moments();
      return;
    }
    for (ChannelMoments& moments : style_) moments = {};
    for (std::int64_t i = part.first; i < part.end; ++i) {
      const StyleMoments known = styles_.get(numbers[static_cast<std::size_t>(i)], [&] {
        encode(images.narrow(0, i, 1));
        return style_moments();
      });
      for (std::size_t tap = 0; tap < kTaps; ++tap) append(style_.at(tap), known.at(tap));
    }
  }

  /// t = AdaIN(f(c), f(s)), eq. 8, for a part.
  void make_target(const torch::Tensor& images, const std::vector<std::int64_t>& numbers,
                   Part part) {
    if (numbers.empty()) {
      encode(images.narrow(0, part.first, part.end - part.first));
      target_.resize(encoder_.output().shape());
      const ChannelMoments moments = channel_moments(encoder_.output(), kVarianceEps);
      write_target(encoder_.output(), moments, 0);
      return;
    }
    for (std::int64_t i = part.first; i < part.end; ++i) {
      const ContentFeatures known = contents_.get(numbers[static_cast<std::size_t>(i)], [&] {
        encode(images.narrow(0, i, 1));
        return ContentFeatures{copy_of(encoder_.output()),
                               channel_moments(encoder_.output(), kVarianceEps)};
      });
      BatchShape shape = known.features->shape();
      shape.samples = part.end - part.first;
      target_.resize(shape);
      write_target(*known.features, known.moments, i - part.first);
    }
  }

  /// The targets of samples first … of target_, for these content features.
  void write_target(const Activations& features, const ChannelMoments& moments,
                    std::int64_t first) {
    const std::int64_t first_group = first * features.groups_per_sample();
    const ChannelMoments& wanted = style_.back();
    for_groups(features.groups(), [&](std::int64_t group) {
      std::array<float, kMostChannels> factor{};
      std::array<float, kMostChannels> offset{};
      const PlaneView view = features.view(group);
      const std::size_t of_content = features.first_channel(group);
      const std::size_t of_style = target_.first_channel(first_group + group);
      const auto channels = static_cast<std::size_t>(view.planes * features.kernels().lanes);
      for (std::size_t i = 0; i < channels; ++i) {
        const double ratio = wanted.deviation[of_style + i] / moments.deviation[of_content + i];
        factor.at(i) = static_cast<float>(ratio);
        offset.at(i) =
            static_cast<float>(wanted.mean[of_style + i] - ratio * moments.mean[of_content + i]);
      }
      features.kernels().scale(view, {offset.data(), factor.data()},
                               target_.group(first_group + group));
    });
  }

  StyleMoments style_moments() const {
    StyleMoments moments;
    for (std::size_t tap = 0; tap < kTaps; ++tap) {
      moments.at(tap) = channel_moments(encoder_.output(taps_.at(tap)), kVarianceEps);
    }
    return moments;
  }

  static void append(ChannelMoments& moments, const ChannelMoments& more) {
    moments.mean.insert(moments.mean.end(), more.mean.begin(), more.mean.end());
    moments.deviation.insert(moments.deviation.end(), more.deviation.begin(), more.deviation.end());
  }

  void encode(const torch::Tensor& images) {
    encoder_.forward(images.data_ptr<float>(),
                     {images.size(0),
                      images.size(1),
                      {static_cast<int>(images.size(2)), static_cast<int>(images.size(3))}});
  }

  /// `samples` are those of the whole batch.
  LossTerms add_losses(std::int64_t samples, LossSums& sums) const {
    LossTerms terms;
    terms.layers.resize(encoder_.size());
    for (std::size_t i = 0; i < kTaps; ++i) {
      terms.layers[taps_.at(i)] =
          add_style_loss(encoder_.output(taps_.at(i)), style_.at(i), samples, sums.style);
    }
    const Activations& deepest = encoder_.output();
    const BatchShape& shape = deepest.shape();
    const double values =
        static_cast<double>(samples * shape.channels) * shape.extent.height * shape.extent.width;
    sums.content += squared_distance(deepest, target_) / values;
    terms.content = static_cast<float>(2 / values);
    return terms;
  }

  LayerTerms add_style_loss(const Activations& x, const ChannelMoments& style, std::int64_t samples,
                            double& loss) const {
    const ChannelMoments moments = channel_moments(x, kVarianceEps);
    const double pixels = static_cast<double>(x.shape().extent.height) * x.shape().extent.width;
    const double channels = static_cast<double>(samples * x.shape().channels);
    LayerTerms terms{ChannelValues(moments.mean.size()), ChannelValues(moments.mean.size())};
    double sum = 0;
    for (std::size_t i = 0; i < moments.mean.size(); ++i) {
      const double mean = moments.mean[i] - style.mean[i];
      const double deviation = moments.deviation[i] - style.deviation[i];
      sum += mean * mean + deviation * deviation;
      const double factor =
          settings_.gamma * 2 * deviation / channels / ((pixels - 1) * moments.deviation[i]);
      const double offset =
          settings_.gamma * 2 * mean / (channels * pixels) - factor * moments.mean[i];
      terms.factor[i] = static_cast<float>(factor);
      terms.offset[i] = static_cast<float>(offset);
    }
    loss += sum / channels;
    return terms;
  }

  void differentiate(const LossTerms& terms) {
    const Activations& deepest = encoder_.output();
    const LayerTerms& of_deepest = terms.layers.back();
    Activations& gradient = encoder_.output_gradient();
    for_groups(gradient.groups(), [&](std::int64_t group) {
      const std::size_t first = gradient.first_channel(group);
      gradient.kernels().distance_gradient(deepest.view(group), target_.group(group), terms.content,
                                           {&of_deepest.offset[first], &of_deepest.factor[first]},
                                           gradient.group(group));
    });
    encoder_.backward(terms.layers);
    encoder_.input_gradient(decoder_.output_gradient());
    decoder_.backward(std::vector<LayerTerms>(decoder_.size()));
  }

  void add_to_parameters() {
    const torch::NoGradGuard no_grad;
    const auto add = [](torch::Tensor& parameter, std::vector<float>& values) {
      const torch::Tensor gradient =
          torch::from_blob(values.data(), parameter.sizes(), torch::kFloat32);
      torch::Tensor& sum = parameter.mutable_grad();
      if (sum.defined()) {
        sum.add_(gradient);
      } else {
        sum = gradient.clone();
      }
    };
    for (std::size_t i = 0; i < decoder_.size(); ++i) {
      WeightGradient gradient = decoder_.weight_gradient(i);
      add(decoder_layers_.convolutions[i]->weight, gradient.weight);
      add(decoder_layers_.convolutions[i]->bias, gradient.bias);
    }
  }

  GradientSettings settings_;
  Encoder encoder_module_;
  Decoder decoder_module_;
  NetworkLayers encoder_layers_;
  NetworkLayers decoder_layers_;
  ConvolutionChain encoder_;
  ConvolutionChain decoder_;
  std::array<std::size_t, kTaps> taps_{};  ///< layers of the encoder
  StyleMoments style_;                     ///< of the part at hand
  Activations target_;                     ///< t of the part at hand
  KnownImages<StyleMoments> styles_;
  KnownImages<ContentFeatures> contents_;
};

}  // namespace

std::unique_ptr<LossGradient> chained_gradient(Encoder encoder, Decoder decoder,
                                               const GradientSettings& settings) {
  return std::make_unique<ChainedGradient>(std::move(encoder), std::move(decoder), settings);
}

}  // namespace epochal::adain
