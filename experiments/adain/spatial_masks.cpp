// From mask images to shares of features.

#include "experiments/adain/spatial_masks.h"

#include <opencv2/imgproc.hpp>

#include "experiments/adain/tiled_networks.h"
#include "experiments/torch/images/image_file.h"

namespace epochal::adain {
namespace {

/// How white an image is where a picture of `size` has its features: [1,1,h,w] in [0,1].
torch::Tensor whiteness(const std::filesystem::path& file, cv::Size size) {
  cv::Mat grey;
  cv::cvtColor(read_image(file), grey, cv::COLOR_RGB2GRAY);
  cv::Mat stretched;
  const bool is_shrunk = grey.cols > size.width || grey.rows > size.height;
  cv::resize(grey, stretched, size, 0, 0, is_shrunk ? cv::INTER_AREA : cv::INTER_LINEAR);
  const cv::Mat padded = padded_for_networks(stretched);
  cv::Mat means;
  padded.convertTo(means, CV_32F, 1.0 / 255.0);
  cv::resize(means, means, padded.size() / kPixelsPerFeature, 0, 0, cv::INTER_AREA);
  return torch::from_blob(means.data, {1, 1, means.rows, means.cols}).clone();
}

}  // namespace

std::vector<torch::Tensor> mask_shares(const std::vector<std::filesystem::path>& masks,
                                       cv::Size size, torch::Device device) {
  std::vector<torch::Tensor> shares;
  torch::Tensor left;
  for (const std::filesystem::path& mask : masks) {
    const torch::Tensor white = whiteness(mask, size).to(device);
    if (!left.defined()) left = torch::ones_like(white);
    shares.push_back(left * white);
    left = left * (1 - white);
  }
  shares.push_back(left);
  return shares;
}

}  // namespace epochal::adain
