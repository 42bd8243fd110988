// Plans the convolutions of a chain for each size of batch, and runs them with the plane kernels in
// between. All buffers are kept from step to step; a smaller batch uses the beginning of them.

#include "experiments/torch/convolution/convolution_chain.h"

#include <c10/util/BFloat16.h>
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <map>
#include <new>

#include "experiments/torch/convolution/aligned_vector.h"
#include "experiments/torch/convolution/convolution_primitives.h"

namespace epochal {
namespace {

using Tag = dnnl::memory::format_tag;
using Type = dnnl::memory::data_type;
using Algorithm = dnnl::algorithm;

/// Images are kept with three channels before the first convolution: oneDNN has code for just that.
constexpr std::int64_t kImageChannels = 3;

std::int64_t rounded_up(std::int64_t channels, std::int64_t lanes) {
  return (channels + lanes - 1) / lanes * lanes;
}

bool wants_channels_last() {
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  constexpr dnnl::memory::dim kChannels = 64;
  ConvolutionDescription wide;
  wide.input = {{1, kChannels, 18, 18}, Type::bf16, Tag::any};
  wide.weights = {{kChannels, kChannels, 3, 3}, Type::bf16, Tag::any};
  wide.output = {{1, kChannels, 16, 16}, Type::bf16, Tag::any};
  const ForwardConvolution chosen = forward_convolution(wide, engine);
  return chosen.src_desc() == dnnl::memory::desc(sizes_of(wide.input), Type::bf16, Tag::nhwc);
}

Extent grown(Extent extent, int pixels) {
  return {extent.height + pixels, extent.width + pixels};
}

/// oneDNN says in its own way that memory ran out.
template <typename Work>
auto translating(const Work& work) {
  try {
    return work();
  } catch (const dnnl::error& error) {
    if (error.status == dnnl_out_of_memory) throw std::bad_alloc();
    throw;
  }
}

}  // namespace

class ConvolutionChain::Program {
 public:
  Program(std::vector<ConvolutionLayer> layers, Precision precision, Trained trained)
      : format_(format(precision)),
        kernels_(*format_.kernels),
        trained_(trained),
        padded_gradient_(format_),
        gradients_{Activations(format_), Activations(format_)} {
    for (const ConvolutionLayer& layer : layers) layers_.emplace_back(layer, format_);
    assert(trained == Trained::nothing || !takes_images());
    load_weights();
  }

  void load_weights() {
    for (Layer& layer : layers_) {
      layer.bias.assign(static_cast<std::size_t>(layer.outputs), 0.0F);
      std::copy_n(layer.given.bias, layer.given.outputs, layer.bias.begin());
      for (dnnl::memory& weights : layer.weights) fill_weights(layer, weights);
    }
  }

  void forward(const float* images, BatchShape shape) {
    assert(shape.channels == kImageChannels && takes_images());
    plan(shape);
    pad_images(shape, [&](std::int64_t image, std::int64_t channel, int row, int column) {
      return images[((image * kImageChannels + channel) * shape.extent.height + row) *
                        shape.extent.width +
                    column];
    });
    run();
  }

  void forward(const Activations& input) {
    plan(input.shape());
    if (takes_images()) {
      const int stride = input.stride();
      pad_images(input.shape(), [&](std::int64_t image, std::int64_t channel, int row, int column) {
        const std::size_t at = static_cast<std::size_t>(
            (row * input.shape().extent.width + column) * stride + channel);
        const std::byte* const plane = input.group(image);
        if (format_.precision == Precision::float32)
          return reinterpret_cast<const float*>(plane)[at];
        return static_cast<float>(reinterpret_cast<const c10::BFloat16*>(plane)[at]);
      });
    } else {
      pad(input, layers_.front());
    }
    run();
  }

  const Activations& output(std::size_t layer) const { return layers_.at(layer).output; }
  std::size_t size() const { return layers_.size(); }

  Activations& output_gradient() {
    Activations& gradient = gradients_[layers_.size() % 2];
    gradient.resize(layers_.back().output.shape());
    return gradient;
  }

  void backward(const std::vector<LayerTerms>& terms) {
    for (std::size_t i = layers_.size(); i-- > 0;) {
      Activations& gradient = gradients_[(i + 1) % 2];
      if (trained_ == Trained::weights) add_weight_gradient(layers_[i], gradient);
      if (i == 0) return;
      Activations& next = gradients_[i % 2];
      next.resize(layers_[i - 1].output.shape());
      differentiate_input(layers_[i], gradient);
      unpad(layers_[i], layers_[i - 1].output, terms[i - 1], next);
    }
  }

  void input_gradient(Activations& gradient) {
    Layer& first = layers_.front();
    differentiate_input(first, gradients_[1]);
    // Nothing rectified the input and it has no loss, so its values do not matter.
    unpad(first, gradient, {}, gradient);
  }

  void clear_gradients() {
    for (Layer& layer : layers_) layer.has_gradient = false;
  }

  WeightGradient weight_gradient(std::size_t index) {
    Layer& layer = layers_.at(index);
    const ConvolutionLayer& given = layer.given;
    WeightGradient gradient;
    gradient.weight.resize(static_cast<std::size_t>(given.outputs * given.inputs * 9));
    gradient.bias.assign(layer.bias_gradient.begin(), layer.bias_gradient.begin() + given.outputs);
    const dnnl::memory::desc plain({layer.outputs, layer.inputs, 3, 3}, Type::f32, Tag::oihw);
    dnnl::memory whole(plain, engine_);
    dnnl::reorder(layer.gradient, whole).execute(stream_, layer.gradient, whole);
    stream_.wait();
    const auto* const from = static_cast<const float*>(whole.get_data_handle());
    for (std::int64_t output = 0; output < given.outputs; ++output) {
      std::copy_n(from + output * layer.inputs * 9, given.inputs * 9,
                  gradient.weight.begin() + output * given.inputs * 9);
    }
    return gradient;
  }

 private:
  struct Layer {
    Layer(const ConvolutionLayer& layer, const ActivationFormat& format)
        : given(layer),
          inputs(rounded_up(layer.inputs, format.kernels->lanes)),
          outputs(rounded_up(layer.outputs, format.kernels->lanes)),
          padded(format),
          output(format) {
      output.set_rectified(layer.rectified);
    }

    ConvolutionLayer given;
    std::int64_t inputs;   ///< with those that fill up
    std::int64_t outputs;  ///< with those that fill up
    Activations padded;    ///< what is convolved
    Activations output;
    AlignedVector<float> bias;
    std::vector<dnnl::memory> weights;  ///< one for each layout that a primitive wants
    dnnl::memory gradient;
    AlignedVector<float> bias_gradient;
    bool has_gradient = false;
  };

  /// The primitives of one layer for one size of batch.
  struct LayerPlan {
    ForwardConvolution forward;
    BackwardDataConvolution backward_data;
    BackwardWeightsConvolution backward_weights;
    dnnl::convolution_forward run_forward;
    dnnl::convolution_backward_data run_backward_data;
    dnnl::convolution_backward_weights run_backward_weights;
    Extent extent;  ///< of the output
  };

  using Plan = std::vector<LayerPlan>;

  Tag layout() const {
    if (format_.has_channels_last) return Tag::nhwc;
    return kernels_.lanes == 16 ? Tag::nChw16c : Tag::nChw8c;
  }

  Tag image_layout() const { return format_.has_channels_last ? Tag::nhwc : Tag::nchw; }

  bool takes_images() const { return layers_.front().given.inputs == kImageChannels; }

  bool is_image_layer(const Layer& layer) const {
    return &layer == &layers_.front() && takes_images();
  }

  /// Layers narrower than two vectors gain nothing by Winograd's transforms.
  Algorithm fastest(const Layer& layer) const {
    const bool is_wide = std::min(layer.inputs, layer.outputs) >= 32;
    return format_.precision == Precision::float32 && is_wide ? Algorithm::convolution_winograd
                                                              : Algorithm::convolution_direct;
  }

  /// What is made with the layer's fastest algorithm, or else with the one that always works.
  template <typename Make>
  auto first_of(const Layer& layer, const Make& make) const {
    try {
      return make(fastest(layer));
    } catch (const dnnl::error& error) {
      // Whatever else went wrong, as with too little memory, must not choose other bits.
      if (error.status != dnnl_unimplemented) throw;
      return make(Algorithm::convolution_direct);
    }
  }

  void plan(BatchShape input) {
    const std::array<std::int64_t, 3> key{input.samples, input.extent.height, input.extent.width};
    auto found = plans_.find(key);
    if (found == plans_.end()) {
      constexpr std::size_t kMostPlans = 16;
      if (plans_.size() == kMostPlans) plans_.clear();
      found = plans_.emplace(key, make_plan(input)).first;
    }
    plan_ = &found->second;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      Layer& layer = layers_[i];
      const Extent extent = (*plan_)[i].extent;
      if (!is_image_layer(layer)) {
        layer.padded.resize({input.samples, layer.given.inputs, grown(extent, 2)});
      }
      layer.output.resize({input.samples, layer.given.outputs, extent});
    }
  }

  Plan make_plan(BatchShape input) {
    Plan plan;
    Extent extent = input.extent;
    for (Layer& layer : layers_) {
      extent = resampled(extent, layer.given.before);
      plan.push_back(make_layer_plan(layer, input.samples, extent));
    }
    return plan;
  }

  LayerPlan make_layer_plan(Layer& layer, std::int64_t samples, Extent extent) {
    const Type type = format_.precision == Precision::float32 ? Type::f32 : Type::bf16;
    const dnnl::memory::dims output_sizes{samples, layer.outputs, extent.height, extent.width};
    const auto input = [&](std::int64_t channels, Tag tag) {
      return dnnl::memory::desc({samples, channels, extent.height + 2, extent.width + 2}, type,
                                tag);
    };
    const auto weights = [&](std::int64_t channels, Type of) {
      return dnnl::memory::desc({layer.outputs, channels, 3, 3}, of, Tag::any);
    };
    const dnnl::memory::desc bias({layer.outputs}, Type::f32, Tag::x);
    const dnnl::memory::desc output(output_sizes, type, layout());

    const auto convolution = [&](Algorithm algorithm, std::int64_t channels, Tag tag) {
      return ConvolutionDescription{algorithm, input(channels, tag), weights(channels, type), bias,
                                    output};
    };
    LayerPlan plan;
    plan.extent = extent;
    plan.forward =
        is_image_layer(layer)
            ? forward_convolution(
                  convolution(Algorithm::convolution_direct, kImageChannels, image_layout()),
                  engine_)
            : first_of(layer, [&](Algorithm algorithm) {
                return forward_convolution(convolution(algorithm, layer.inputs, layout()), engine_);
              });
    plan.run_forward = dnnl::convolution_forward(plan.forward);
    want_weights(layer, plan.forward.weights_desc());

    plan.backward_data = first_of(layer, [&](Algorithm algorithm) {
      const ConvolutionDescription description = convolution(algorithm, layer.inputs, layout());
      return backward_data_convolution(description, engine_,
                                       forward_convolution(description, engine_));
    });
    plan.run_backward_data = dnnl::convolution_backward_data(plan.backward_data);
    want_weights(layer, plan.backward_data.weights_desc());
    if (trained_ == Trained::nothing) return plan;

    plan.backward_weights = first_of(layer, [&](Algorithm algorithm) {
      ConvolutionDescription description = convolution(algorithm, layer.inputs, layout());
      const ForwardConvolution forward = forward_convolution(description, engine_);
      description.weights =
          layer.gradient ? layer.gradient.get_desc() : weights(layer.inputs, Type::f32);
      return backward_weights_convolution(description, engine_, forward);
    });
    plan.run_backward_weights = dnnl::convolution_backward_weights(plan.backward_weights);
    if (!layer.gradient) {
      layer.gradient = dnnl::memory(plan.backward_weights.diff_weights_desc(), engine_);
      layer.bias_gradient.assign(static_cast<std::size_t>(layer.outputs), 0.0F);
    }
    return plan;
  }

  /// The layer's weights in a layout, made when it is first asked for.
  void want_weights(Layer& layer, const dnnl::memory::desc& desc) {
    const bool is_there = std::any_of(layer.weights.begin(), layer.weights.end(),
                                      [&](const auto& w) { return w.get_desc() == desc; });
    if (is_there) return;
    layer.weights.emplace_back(desc, engine_);
    fill_weights(layer, layer.weights.back());
  }

  static const dnnl::memory& weights_in(const Layer& layer, const dnnl::memory::desc& desc) {
    return *std::find_if(layer.weights.begin(), layer.weights.end(),
                         [&](const auto& w) { return w.get_desc() == desc; });
  }

  void fill_weights(const Layer& layer, dnnl::memory& weights) {
    const std::int64_t inputs = sizes_of(weights.get_desc())[1];
    const ConvolutionLayer& given = layer.given;
    dnnl::memory plain({{layer.outputs, inputs, 3, 3}, Type::f32, Tag::oihw}, engine_);
    auto* const to = static_cast<float*>(plain.get_data_handle());
    std::memset(to, 0, plain.get_desc().get_size());
    for (std::int64_t output = 0; output < given.outputs; ++output) {
      std::copy_n(given.weight + output * given.inputs * 9, given.inputs * 9,
                  to + output * inputs * 9);
    }
    dnnl::reorder(plain, weights).execute(stream_, plain, weights);
    stream_.wait();
  }

  /// Puts images and their reflected borders before the first convolution, [N,3,H+2,W+2] in
  /// image_layout().
  template <typename Pixel>
  void pad_images(BatchShape shape, const Pixel& pixel) {
    if (format_.precision == Precision::float32) {
      write_padded<float>(shape, pixel);
    } else {
      write_padded<c10::BFloat16>(shape, pixel);
    }
  }

  template <typename Value, typename Pixel>
  void write_padded(BatchShape shape, const Pixel& pixel) {
    const Extent extent = shape.extent;
    const auto reflected = [](int at, int size) {
      if (at < 0) return -at;
      return at < size ? at : 2 * size - 2 - at;
    };
    const Extent padded = grown(extent, 2);
    const std::size_t plane =
        static_cast<std::size_t>(padded.width) * static_cast<std::size_t>(padded.height);
    const std::size_t values = static_cast<std::size_t>(shape.samples * kImageChannels) * plane;
    images_.resize(std::max(images_.size(), values * sizeof(Value)));
    auto* const images = reinterpret_cast<Value*>(images_.data());
    const std::size_t step = format_.has_channels_last ? kImageChannels : 1;
    for_groups(shape.samples * kImageChannels, [&](std::int64_t number) {
      const std::int64_t image = number / kImageChannels;
      const std::int64_t channel = number % kImageChannels;
      std::size_t at = step == 1 ? static_cast<std::size_t>(number) * plane
                                 : static_cast<std::size_t>(image) * plane * step +
                                       static_cast<std::size_t>(channel);
      for (int row = -1; row <= extent.height; ++row) {
        for (int column = -1; column <= extent.width; ++column) {
          images[at] =
              pixel(image, channel, reflected(row, extent.height), reflected(column, extent.width));
          at += step;
        }
      }
    });
  }

  void pad(const Activations& from, Layer& layer) {
    for_groups(from.groups(), [&](std::int64_t group) {
      kernels_.pad(from.view(group), layer.given.before, layer.padded.group(group));
    });
  }

  void run() {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      Layer& layer = layers_[i];
      const LayerPlan& plan = (*plan_)[i];
      if (i > 0) pad(layers_[i - 1].output, layer);
      void* const input = is_image_layer(layer) ? images_.data() : layer.padded.data();
      plan.run_forward.execute(
          stream_, {{DNNL_ARG_SRC, {plan.forward.src_desc(), engine_, input}},
                    {DNNL_ARG_WEIGHTS, weights_in(layer, plan.forward.weights_desc())},
                    {DNNL_ARG_BIAS, {plan.forward.bias_desc(), engine_, layer.bias.data()}},
                    {DNNL_ARG_DST, {plan.forward.dst_desc(), engine_, layer.output.data()}}});
    }
    stream_.wait();
  }

  const LayerPlan& plan_of(const Layer& layer) const {
    return (*plan_)[static_cast<std::size_t>(&layer - layers_.data())];
  }

  void differentiate_input(Layer& layer, Activations& gradient) {
    const LayerPlan& plan = plan_of(layer);
    padded_gradient_.resize({gradient.shape().samples, layer.given.inputs, grown(plan.extent, 2)});
    plan.run_backward_data.execute(
        stream_,
        {{DNNL_ARG_DIFF_SRC,
          {plan.backward_data.diff_src_desc(), engine_, padded_gradient_.data()}},
         {DNNL_ARG_WEIGHTS, weights_in(layer, plan.backward_data.weights_desc())},
         {DNNL_ARG_DIFF_DST, {plan.backward_data.diff_dst_desc(), engine_, gradient.data()}}});
    stream_.wait();
  }

  void unpad(const Layer& layer, const Activations& values, const LayerTerms& terms,
             Activations& gradient) {
    for_groups(gradient.groups(), [&](std::int64_t group) {
      PlaneTerms of_group;
      if (!terms.offset.empty()) {
        const std::size_t first = gradient.first_channel(group);
        of_group = {&terms.offset[first], &terms.factor[first]};
      }
      kernels_.unpad(padded_gradient_.group(group), layer.given.before, values.view(group),
                     of_group, gradient.group(group));
    });
  }

  void add_weight_gradient(Layer& layer, Activations& gradient) {
    const LayerPlan& plan = plan_of(layer);
    const dnnl::memory::desc desc = plan.backward_weights.diff_weights_desc();
    const std::size_t count = desc.get_size() / sizeof(float);
    scratch_.resize(std::max(scratch_.size(), count));
    bias_scratch_.resize(std::max(bias_scratch_.size(), layer.bias_gradient.size()));
    auto* const sum = static_cast<float*>(layer.gradient.get_data_handle());
    float* const weights = layer.has_gradient ? scratch_.data() : sum;
    float* const bias = layer.has_gradient ? bias_scratch_.data() : layer.bias_gradient.data();
    plan.run_backward_weights.execute(
        stream_,
        {{DNNL_ARG_SRC, {plan.backward_weights.src_desc(), engine_, layer.padded.data()}},
         {DNNL_ARG_DIFF_WEIGHTS, {desc, engine_, weights}},
         {DNNL_ARG_DIFF_BIAS, {plan.backward_weights.diff_bias_desc(), engine_, bias}},
         {DNNL_ARG_DIFF_DST, {plan.backward_weights.diff_dst_desc(), engine_, gradient.data()}}});
    stream_.wait();
    if (layer.has_gradient) {
      for (std::size_t i = 0; i < count; ++i) sum[i] += scratch_[i];
      for (std::size_t i = 0; i < layer.bias_gradient.size(); ++i) {
        layer.bias_gradient[i] += bias_scratch_[i];
      }
    }
    layer.has_gradient = true;
  }

  ActivationFormat format_;
  const PlaneKernels& kernels_;
  Trained trained_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::vector<Layer> layers_;
  std::map<std::array<std::int64_t, 3>, Plan> plans_;
  const Plan* plan_ = nullptr;
  AlignedVector<std::byte> images_;  ///< before the first convolution
  Activations padded_gradient_;
  std::array<Activations, 2> gradients_;  ///< of the outputs of layers, by turns
  AlignedVector<float> scratch_;
  AlignedVector<float> bias_scratch_;
};

bool ConvolutionChain::is_available(Precision precision) {
  return plane_kernels(precision) != nullptr;
}

std::string ConvolutionChain::library_version() {
  const dnnl_version_t* const version = dnnl_version();
  return fmt::format("{}.{}.{}", version->major, version->minor, version->patch);
}

ActivationFormat ConvolutionChain::format(Precision precision) {
  static const bool has_matrix_units =
      is_available(Precision::bfloat16) && translating(wants_channels_last);
  return {plane_kernels(precision), precision,
          precision == Precision::bfloat16 && has_matrix_units};
}

ConvolutionChain::ConvolutionChain(std::vector<ConvolutionLayer> layers, Precision precision,
                                   Trained trained)
    : program_(std::make_unique<Program>(std::move(layers), precision, trained)) {}
ConvolutionChain::~ConvolutionChain() = default;

void ConvolutionChain::load_weights() {
  translating([&] { program_->load_weights(); });
}
void ConvolutionChain::forward(const float* images, BatchShape shape) {
  translating([&] { program_->forward(images, shape); });
}
void ConvolutionChain::forward(const Activations& input) {
  translating([&] { program_->forward(input); });
}
const Activations& ConvolutionChain::output(std::size_t layer) const {
  return program_->output(layer);
}
const Activations& ConvolutionChain::output() const {
  return program_->output(program_->size() - 1);
}
std::size_t ConvolutionChain::size() const {
  return program_->size();
}
Activations& ConvolutionChain::output_gradient() {
  return program_->output_gradient();
}
void ConvolutionChain::backward(const std::vector<LayerTerms>& terms) {
  translating([&] { program_->backward(terms); });
}
void ConvolutionChain::input_gradient(Activations& gradient) {
  translating([&] { program_->input_gradient(gradient); });
}
void ConvolutionChain::clear_gradients() {
  program_->clear_gradients();
}
WeightGradient ConvolutionChain::weight_gradient(std::size_t layer) const {
  return translating([&] { return program_->weight_gradient(layer); });
}

}  // namespace epochal
