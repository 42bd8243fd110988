// Between 8-bit images (rows of RGB pixels) and float tensors (planes).

#include "experiments/torch/images/image_tensor.h"

#include "framework/base/error.h"

namespace epochal {

void copy_to_tensor(const cv::Mat& rgb, const torch::Tensor& target) {
  const std::int64_t plane = std::int64_t{rgb.rows} * rgb.cols;
  auto* out = target.data_ptr<float>();
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* row = rgb.ptr<unsigned char>(y);
    float* red = out + std::int64_t{y} * rgb.cols;
    for (int x = 0; x < rgb.cols; ++x) {
      red[x] = static_cast<float>(row[3 * x]) / 255.0F;
      red[x + plane] = static_cast<float>(row[3 * x + 1]) / 255.0F;
      red[x + 2 * plane] = static_cast<float>(row[3 * x + 2]) / 255.0F;
    }
  }
}

torch::Tensor to_tensor(const cv::Mat& rgb) {
  torch::Tensor tensor = torch::empty({1, 3, rgb.rows, rgb.cols});
  copy_to_tensor(rgb, tensor[0]);
  return tensor;
}

cv::Mat to_image(const torch::Tensor& rgb) {
  torch::Tensor planes = rgb.dim() == 4 ? rgb[0] : rgb;
  const torch::Tensor pixels = (planes.detach().cpu().clamp(0, 1) * 255)
                                   .round()
                                   .to(torch::kUInt8)
                                   .permute({1, 2, 0})
                                   .contiguous();
  return cv::Mat(static_cast<int>(pixels.size(0)), static_cast<int>(pixels.size(1)), CV_8UC3,
                 pixels.data_ptr())
      .clone();
}

cv::Mat to_finite_image(const torch::Tensor& rgb) {
  if (rgb.isfinite().all().item<bool>()) return to_image(rgb);
  throw Error("the picture that the networks made has values that are not finite", {},
              "their weights are damaged or too large, or the training diverged");
}

}  // namespace epochal
