#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

#include "experiments/adain/losses.h"
#include "experiments/adain/picture_measures.h"
#include "framework/plugin/experiment.h"

namespace epochal::adain {

/// What a judge says of one picture that a model made of a content and a style.
struct Judgement {
  /// AdaIN's losses (eq. 12 and 13) under the judge's network; none where it has none.
  std::optional<double> content;
  std::optional<double> style;
  double edges = 0;    ///< edges_kept()
  double colours = 0;  ///< colour_distance()
  /// stripes() of the output, as a multiple of the content's or the style's, whichever has more, or
  /// of 1 if both have less: 1 where there are no more than there were, 9 and more where there is
  /// nothing else.
  double stripes = 0;
  /// checkerboard() of the output, less that of the content or the style, whichever has more: 0
  /// where there is no more than there was, up to 1.
  double checkerboard = 0;
};

/// One of the values above, for tables.
struct Measure {
  const char* name;
  const char* meaning;  ///< one line, with its range
  Better better;
  std::optional<double> (*of)(const Judgement&);
};

/// All of them, in the order in which they are shown.
const std::vector<Measure>& measures();

/// The mean of a measure over some judgements; none where none has it.
std::optional<double> mean_of(const Measure& measure, const std::vector<Judgement>& judgements);

/// Judges pictures as a person sees them, 8-bit RGB [H,W,3], by simple measures and by a network
/// that is not the one that a model was trained with: what a training drives down is no proof.
class Judge {
 public:
  /// By simple measures alone.
  Judge() = default;

  /// Moves `network` to `device`; where it is empty, by simple measures alone.
  Judge(Encoder network, torch::Device device);

  /// A content or style picture with what is known of it, so that it is encoded only once for all
  /// the pairs that it is part of.
  struct Exhibit {
    cv::Mat picture;
    double stripes = 0;
    double checkerboard = 0;
    ColourQuantiles colours;
    torch::Tensor deepest;       ///< J(picture) at relu4_1
    LayerStatistics statistics;  ///< of its four layers
  };
  Exhibit exhibit(const cv::Mat& picture);

  /// With J the judge's network and g(t) the output: content = MSE(J(g(t)), AdaIN(J(c), J(s))) at
  /// relu4_1, style = the sum over its four layers. The output has the size of the content, sides
  /// of at least 64 pixels that are multiples of 8.
  Judgement judge(const Exhibit& content, const Exhibit& style, const cv::Mat& output);

 private:
  Features features_of(const cv::Mat& picture);

  Encoder network_{nullptr};
  torch::Device device_ = torch::kCPU;
};

}  // namespace epochal::adain
