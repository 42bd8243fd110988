#pragma once
// How a convolution is described to oneDNN, and how a description is read back. Version 3 takes its
// parts where version 2 takes an operation descriptor made of them, and names some questions anew:
// this is the only place that knows which version it is.

#include <dnnl.hpp>

namespace epochal {

/// A convolution of stride one. A backward one has the gradients of input, weights, bias and output
/// in their places.
struct ConvolutionDescription {
  dnnl::algorithm algorithm = dnnl::algorithm::convolution_direct;
  dnnl::memory::desc input;       ///< [N,C,H,W]
  dnnl::memory::desc weights;     ///< [outputs,inputs,height,width]
  dnnl::memory::desc bias;        ///< [outputs]; empty: none
  dnnl::memory::desc output;      ///< [N,C,H,W]
  dnnl::memory::dim padding = 0;  ///< pixels of zeros on each side of the input
};

using ForwardConvolution = dnnl::convolution_forward::primitive_desc;
using BackwardDataConvolution = dnnl::convolution_backward_data::primitive_desc;
using BackwardWeightsConvolution = dnnl::convolution_backward_weights::primitive_desc;

/// oneDNN's plan for a convolution whose gradients are wanted later. Throws dnnl::error, with
/// dnnl_unimplemented where the algorithm cannot do it.
inline ForwardConvolution forward_convolution(const ConvolutionDescription& of,
                                              const dnnl::engine& engine) {
  const dnnl::memory::dims stride{1, 1};
  const dnnl::memory::dims padding{of.padding, of.padding};
#if DNNL_VERSION_MAJOR >= 3
  return {engine,       dnnl::prop_kind::forward_training,
          of.algorithm, of.input,
          of.weights,   of.bias,
          of.output,    stride,
          padding,      padding};
#else
  return {{dnnl::prop_kind::forward_training, of.algorithm, of.input, of.weights, of.bias,
           of.output, stride, padding, padding},
          engine};
#endif
}

/// oneDNN's plan for the gradient of the input; `forward` is that of the convolution itself.
inline BackwardDataConvolution backward_data_convolution(const ConvolutionDescription& of,
                                                         const dnnl::engine& engine,
                                                         const ForwardConvolution& forward) {
  const dnnl::memory::dims stride{1, 1};
  const dnnl::memory::dims padding{of.padding, of.padding};
#if DNNL_VERSION_MAJOR >= 3
  return {engine, of.algorithm, of.input, of.weights, of.output, stride, padding, padding, forward};
#else
  return {
      {of.algorithm, of.input, of.weights, of.output, stride, padding, padding}, engine, forward};
#endif
}

/// oneDNN's plan for the gradients of weights and bias; `forward` is that of the convolution
/// itself.
inline BackwardWeightsConvolution backward_weights_convolution(const ConvolutionDescription& of,
                                                               const dnnl::engine& engine,
                                                               const ForwardConvolution& forward) {
  const dnnl::memory::dims stride{1, 1};
  const dnnl::memory::dims padding{of.padding, of.padding};
#if DNNL_VERSION_MAJOR >= 3
  return {engine,    of.algorithm, of.input, of.weights, of.bias,
          of.output, stride,       padding,  padding,    forward};
#else
  return {{of.algorithm, of.input, of.weights, of.bias, of.output, stride, padding, padding},
          engine,
          forward};
#endif
}

/// The sizes of a tensor.
inline dnnl::memory::dims sizes_of(const dnnl::memory::desc& tensor) {
#if DNNL_VERSION_MAJOR >= 3
  return tensor.get_dims();
#else
  return tensor.dims();
#endif
}

}  // namespace epochal
