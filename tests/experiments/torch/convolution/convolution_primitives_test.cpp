#include "experiments/torch/convolution/convolution_primitives.h"

#include <gtest/gtest.h>

#include <vector>

namespace epochal {
namespace {

using Tag = dnnl::memory::format_tag;
using Type = dnnl::memory::data_type;

/// One plane of 3x3 and one kernel of 3x3, with a border of zeros.
ConvolutionDescription small_convolution() {
  ConvolutionDescription description;
  description.input = {{1, 1, 3, 3}, Type::f32, Tag::nchw};
  description.weights = {{1, 1, 3, 3}, Type::f32, Tag::oihw};
  description.output = {{1, 1, 3, 3}, Type::f32, Tag::nchw};
  description.padding = 1;
  return description;
}

TEST(ConvolutionPrimitives, AForwardConvolutionAddsUpNeighboursAndBias) {
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  ConvolutionDescription description = small_convolution();
  description.bias = {{1}, Type::f32, Tag::x};
  const ForwardConvolution plan = forward_convolution(description, engine);
  std::vector<float> ones(9, 1.0F);
  std::vector<float> output(9);
  float bias = 0.5F;

  dnnl::convolution_forward(plan).execute(
      stream, {{DNNL_ARG_SRC, {plan.src_desc(), engine, ones.data()}},
               {DNNL_ARG_WEIGHTS, {plan.weights_desc(), engine, ones.data()}},
               {DNNL_ARG_BIAS, {plan.bias_desc(), engine, &bias}},
               {DNNL_ARG_DST, {plan.dst_desc(), engine, output.data()}}});
  stream.wait();

  EXPECT_EQ(output, (std::vector<float>{4.5F, 6.5F, 4.5F, 6.5F, 9.5F, 6.5F, 4.5F, 6.5F, 4.5F}));
}

TEST(ConvolutionPrimitives, BackwardConvolutionsGiveTheGradientsOfInputAndWeights) {
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const ConvolutionDescription description = small_convolution();
  const ForwardConvolution forward = forward_convolution(description, engine);
  const auto data = backward_data_convolution(description, engine, forward);
  const auto weights = backward_weights_convolution(description, engine, forward);
  std::vector<float> ones(9, 1.0F);
  std::vector<float> of_input(9);
  std::vector<float> of_weights(9);

  dnnl::convolution_backward_data(data).execute(
      stream, {{DNNL_ARG_DIFF_SRC, {data.diff_src_desc(), engine, of_input.data()}},
               {DNNL_ARG_WEIGHTS, {data.weights_desc(), engine, ones.data()}},
               {DNNL_ARG_DIFF_DST, {data.diff_dst_desc(), engine, ones.data()}}});
  dnnl::convolution_backward_weights(weights).execute(
      stream, {{DNNL_ARG_SRC, {weights.src_desc(), engine, ones.data()}},
               {DNNL_ARG_DIFF_WEIGHTS, {weights.diff_weights_desc(), engine, of_weights.data()}},
               {DNNL_ARG_DIFF_DST, {weights.diff_dst_desc(), engine, ones.data()}}});
  stream.wait();

  const std::vector<float> neighbours{4, 6, 4, 6, 9, 6, 4, 6, 4};
  EXPECT_EQ(of_input, neighbours);
  EXPECT_EQ(of_weights, neighbours);
}

TEST(ConvolutionPrimitives, WinogradIsThereOrIsSaidToBeUnimplemented) {
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  ConvolutionDescription description;
  description.algorithm = dnnl::algorithm::convolution_winograd;
  description.input = {{1, 64, 18, 18}, Type::f32, Tag::any};
  description.weights = {{64, 64, 3, 3}, Type::f32, Tag::any};
  description.output = {{1, 64, 16, 16}, Type::f32, Tag::any};
  try {
    EXPECT_EQ(sizes_of(forward_convolution(description, engine).dst_desc()),
              (dnnl::memory::dims{1, 64, 16, 16}));
  } catch (const dnnl::error& error) {
    EXPECT_EQ(error.status, dnnl_unimplemented);
  }
}

}  // namespace
}  // namespace epochal
