#pragma once

#include <opencv2/core/types.hpp>
#include <vector>

#include "experiments/adain/losses.h"

namespace epochal::adain {

/// What styles make of content features x at relu4_1: share * (scale * x + offset).
struct FeatureMap {
  torch::Tensor scale;   ///< [1,C,1,1]
  torch::Tensor offset;  ///< [1,C,1,1]
  torch::Tensor share;   ///< [1,1,h,w] of all content features; undefined for 1 everywhere
};

/// Several of them add up to what is decoded; their shares add up to 1 everywhere.
using FeatureMaps = std::vector<FeatureMap>;

/// The sum over styles of weight * AdaIN(f(c), f(s)), as one map (eq. 15). Weights add up to 1.
FeatureMaps blended(const ChannelStats& content, const std::vector<ChannelStats>& styles,
                    const std::vector<double>& weights);

/// Each style in its part of the picture (section 7.3), normalised by what the content features are
/// there, as the released code does it. `features` are [1,C,h,w]; `shares` has one of [1,1,h,w] in
/// [0,1] for each style, which add up to 1.
FeatureMaps masked(const torch::Tensor& features, const ChannelStats& content,
                   const std::vector<ChannelStats>& styles,
                   const std::vector<torch::Tensor>& shares);

/// (1 - alpha) f(c) + alpha t (eq. 14).
FeatureMaps with_strength(FeatureMaps maps, double alpha);

/// A part of [N,C,H,W].
torch::Tensor part_of(const torch::Tensor& features, const cv::Rect& area);

/// The sum of the maps in a part of the features.
torch::Tensor apply(const FeatureMaps& maps, const torch::Tensor& features, const cv::Rect& area);

}  // namespace epochal::adain
