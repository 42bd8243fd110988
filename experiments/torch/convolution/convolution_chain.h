#pragma once

#include <memory>
#include <string>
#include <vector>

#include "experiments/torch/convolution/activations.h"

namespace epochal {

/// A layer: resample, reflect one pixel around, convolve 3x3; what follows sees it rectified.
struct ConvolutionLayer {
  std::int64_t inputs = 0;   ///< channels
  std::int64_t outputs = 0;  ///< channels
  Resampling before = Resampling::none;
  bool rectified = true;
  const float* weight = nullptr;  ///< [outputs,inputs,3,3], contiguous
  const float* bias = nullptr;    ///< [outputs]
};

/// What the losses on a layer's activations x add to their gradient: offset + factor * x, [N,C].
/// Empty where there is none.
struct LayerTerms {
  ChannelValues offset;
  ChannelValues factor;
};

/// Gradients of one layer's weights, in the shapes of ConvolutionLayer.
struct WeightGradient {
  std::vector<float> weight;
  std::vector<float> bias;
};

/// Convolutions one after the other, as VGG and its mirror are made of, run by oneDNN on blocked
/// activations with everything else fused into one pass between two of them. Next to a training
/// through LibTorch this saves the copies to other layouts and back, separate passes for ReLU,
/// padding and pooling, fresh memory at each of them, and, in float32, half of the multiplications
/// (Winograd's F(4x4,3x3); Lavin & Gray, arXiv:1509.09308), which only oneDNN 2.x has.
///
/// The same input gives the same bits on the same machine with the same number of threads. Any
/// function may throw std::bad_alloc, after which the chain is of no use.
class ConvolutionChain {
 public:
  /// What backward() computes.
  enum class Trained { nothing, weights };

  /// Whether this processor can run one.
  static bool is_available(Precision precision);

  /// The version of oneDNN that it runs with: others may round differently.
  static std::string library_version();

  /// How its activations lie. oneDNN says which it is: the matrix units of newer processors (AMX),
  /// for bfloat16, want channels last, and run at a fraction of their speed without.
  static ActivationFormat format(Precision precision);

  /// `layers` point to weights that outlive this; load_weights() reads them. A chain whose weights
  /// are trained does not begin with images.
  ConvolutionChain(std::vector<ConvolutionLayer> layers, Precision precision, Trained trained);
  ~ConvolutionChain();
  ConvolutionChain(const ConvolutionChain&) = delete;
  ConvolutionChain& operator=(const ConvolutionChain&) = delete;

  /// Takes up what the layers' weights are now.
  void load_weights();

  /// Images [N,3,H,W] in [0,1], contiguous.
  void forward(const float* images, BatchShape shape);
  void forward(const Activations& input);

  /// Of a layer, from the last forward().
  const Activations& output(std::size_t layer) const;
  const Activations& output() const;
  std::size_t size() const;

  /// Where the caller puts the gradient of the last layer's output, ReLU included, before
  /// backward(). It has the shape of output().
  Activations& output_gradient();

  /// From output_gradient() back to the first layer. `terms` has one for each layer; that of the
  /// last is not looked at. Where weights are trained, adds to their gradients.
  void backward(const std::vector<LayerTerms>& terms);

  /// Forgets the gradients of weights.
  void clear_gradients();
  /// Of a layer, summed since clear_gradients().
  WeightGradient weight_gradient(std::size_t layer) const;

  /// Behind backward(): writes the gradient of the input, which nothing rectified, into `gradient`.
  void input_gradient(Activations& gradient);

 private:
  class Program;
  std::unique_ptr<Program> program_;
};

}  // namespace epochal
