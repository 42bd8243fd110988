// The step of a training on convolution chains. In terms of the paper (Huang & Belongie,
// arXiv:1703.06868): x are the activations of a layer of the encoder for the output, with C
// channels of P pixels in a batch of N pairs; mu and sigma their means and deviations, mu_s and
// sigma_s those of the style. The style loss (eq. 13) of a layer adds to the gradient of x
//   2 (mu - mu_s) / (N C P)  +  2 (sigma - sigma_s) / (N C) * (x - mu) / ((P - 1) sigma),
// which is offset + factor * x for each channel of each sample; the content loss (eq. 12) adds
//   2 (x - t) / (N C P)  to the deepest layer.

#include <memory>

#include "experiments/adain/target_chain.h"

namespace epochal::adain {
namespace {

/// What the parts of a batch so far add to its losses, and the losses of their pairs.
struct LossSums {
  double content = 0;
  double style = 0;
  std::vector<double> content_of_pair;
  std::vector<double> style_of_pair;

  PairLosses losses(double gamma) const {
    const auto scalar = [](double value) { return torch::tensor(value, torch::kFloat64); };
    PairLosses losses;
    losses.mean = {scalar(content), scalar(style), scalar(content + gamma * style)};
    losses.each.content = torch::tensor(content_of_pair, torch::kFloat64);
    losses.each.style = torch::tensor(style_of_pair, torch::kFloat64);
    losses.each.total = losses.each.content + gamma * losses.each.style;
    return losses;
  }
};

class ChainedGradient : public LossGradient {
 public:
  ChainedGradient(Encoder encoder, Decoder decoder, const GradientSettings& settings)
      : settings_(settings),
        decoder_module_(std::move(decoder)),
        decoder_layers_(layers_of(*decoder_module_)),
        seen_(std::make_shared<TargetChain>(std::move(encoder), settings.precision,
                                            cache_of_each(settings))),
        decoder_(decoder_layers_.layers, settings.precision, ConvolutionChain::Trained::weights),
        judged_(settings.loss_encoder.is_empty()
                    ? seen_
                    : std::make_shared<TargetChain>(settings.loss_encoder, settings.precision,
                                                    cache_of_each(settings))) {}

  PairLosses losses_by_pair(const PairBatch& pairs) override {
    decoder_.load_weights();
    return over_parts(pairs, [](const LossTerms&) {});
  }

  Losses add(const PairBatch& pairs) override {
    decoder_.load_weights();
    decoder_.clear_gradients();
    const PairLosses losses =
        over_parts(pairs, [&](const LossTerms& terms) { differentiate(terms); });
    add_to_parameters();
    return losses.mean;
  }

 private:
  /// What the losses of one part add to the gradients of the encoder's layers.
  struct LossTerms {
    std::vector<LayerTerms> layers;
    float content = 0;  ///< weight of x - t in the deepest one
  };

  static std::int64_t cache_of_each(const GradientSettings& settings) {
    return settings.loss_encoder.is_empty() ? settings.cache_bytes : settings.cache_bytes / 2;
  }

  template <typename Then>
  PairLosses over_parts(const PairBatch& pairs, const Then& then) {
    const PairBatch whole{pairs.content.contiguous(), pairs.style.contiguous(),
                          pairs.content_numbers, pairs.style_numbers};
    const std::int64_t samples = whole.content.size(0);
    const std::int64_t parts = (samples + settings_.micro_batch - 1) / settings_.micro_batch;
    LossSums sums;
    for (std::int64_t part = 0; part < parts; ++part) {
      const BatchPart of{samples * part / parts, samples * (part + 1) / parts};
      seen_->look_at(whole, of);
      if (judged_ != seen_) judged_->look_at(whole, of);
      decoder_.forward(seen_->target());
      judged_->chain().forward(decoder_.output());
      then(add_losses(samples, sums));
    }
    return sums.losses(settings_.gamma);
  }

  /// `samples` are those of the whole batch.
  LossTerms add_losses(std::int64_t samples, LossSums& sums) {
    const ConvolutionChain& judge = judged_->chain();
    LossTerms terms;
    terms.layers.resize(judge.size());
    sums.style_of_pair.resize(sums.content_of_pair.size() +
                              static_cast<std::size_t>(judge.output().shape().samples));
    for (std::size_t level = 0; level < kTaps; ++level) {
      const std::size_t layer = judged_->layer_of(level);
      terms.layers[layer] =
          add_style_loss(judge.output(layer), judged_->style().at(level), samples, sums);
    }
    const Activations& deepest = judge.output();
    const BatchShape& shape = deepest.shape();
    const double values =
        static_cast<double>(samples * shape.channels) * shape.extent.height * shape.extent.width;
    const SquaredDistance distance = squared_distance(deepest, judged_->target());
    sums.content += distance.sum / values;
    for (const double of_pair : distance.of_sample) {
      sums.content_of_pair.push_back(of_pair / values * static_cast<double>(samples));
    }
    terms.content = static_cast<float>(2 / values);
    return terms;
  }

  LayerTerms add_style_loss(const Activations& x, const ChannelMoments& style, std::int64_t samples,
                            LossSums& sums) const {
    const ChannelMoments moments = channel_moments(x, kVarianceEps);
    const double pixels = static_cast<double>(x.shape().extent.height) * x.shape().extent.width;
    const double channels = static_cast<double>(samples * x.shape().channels);
    LayerTerms terms{ChannelValues(moments.mean.size()), ChannelValues(moments.mean.size())};
    // The pairs of this part are the last ones.
    const std::size_t padded = static_cast<std::size_t>(x.padded_channels());
    const std::size_t first_pair = sums.content_of_pair.size();
    double sum = 0;
    for (std::size_t i = 0; i < moments.mean.size(); ++i) {
      const double mean = moments.mean[i] - style.mean[i];
      const double deviation = moments.deviation[i] - style.deviation[i];
      const double distance = mean * mean + deviation * deviation;
      sum += distance;
      sums.style_of_pair[first_pair + i / padded] +=
          distance / static_cast<double>(x.shape().channels);
      const double factor =
          settings_.gamma * 2 * deviation / channels / ((pixels - 1) * moments.deviation[i]);
      const double offset =
          settings_.gamma * 2 * mean / (channels * pixels) - factor * moments.mean[i];
      terms.factor[i] = static_cast<float>(factor);
      terms.offset[i] = static_cast<float>(offset);
    }
    sums.style += sum / channels;
    return terms;
  }

  void differentiate(const LossTerms& terms) {
    ConvolutionChain& judge = judged_->chain();
    const Activations& deepest = judge.output();
    const Activations& target = judged_->target();
    const LayerTerms& of_deepest = terms.layers.back();
    Activations& gradient = judge.output_gradient();
    for_groups(gradient.groups(), [&](std::int64_t group) {
      const std::size_t first = gradient.first_channel(group);
      gradient.kernels().distance_gradient(deepest.view(group), target.group(group), terms.content,
                                           {&of_deepest.offset[first], &of_deepest.factor[first]},
                                           gradient.group(group));
    });
    judge.backward(terms.layers);
    judge.input_gradient(decoder_.output_gradient());
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
  Decoder decoder_module_;
  NetworkLayers decoder_layers_;
  std::shared_ptr<TargetChain> seen_;  ///< what the decoder paints from
  ConvolutionChain decoder_;
  std::shared_ptr<TargetChain> judged_;  ///< what the losses are measured with; often the same
};

}  // namespace

std::unique_ptr<LossGradient> chained_gradient(Encoder encoder, Decoder decoder,
                                               const GradientSettings& settings) {
  return std::make_unique<ChainedGradient>(std::move(encoder), std::move(decoder), settings);
}

}  // namespace epochal::adain
