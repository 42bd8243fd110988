// Colours of one image with the statistics of another's.

#include "experiments/adain/colour_match.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>

namespace epochal::adain {
namespace {

/// The variance of rounding to 8 bits, uniform between two steps of 1/255.
constexpr double kRounding = 1.0 / (255.0 * 255.0 * 12.0);

cv::Vec3d deviations(const cv::Matx33d& covariance) {
  cv::Vec3d result;
  for (int i = 0; i < 3; ++i) result[i] = std::sqrt(covariance(i, i) + kRounding);
  return result;
}

/// V diag(lambda^exponent) V^T of the correlations behind a covariance.
cv::Matx33d power_of_correlations(const cv::Matx33d& covariance, double exponent) {
  const cv::Vec3d deviation = deviations(covariance);
  cv::Matx33d correlations;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      const double value = covariance(i, j) + (i == j ? kRounding : 0);
      correlations(i, j) = value / (deviation[i] * deviation[j]);
    }
  }
  cv::Vec3d values;
  cv::Matx33d vectors;  // one a row
  cv::eigen(correlations, values, vectors);
  // Rounding may leave what is 0 a little below it.
  for (int i = 0; i < 3; ++i) values[i] = std::pow(std::max(values[i], kRounding), exponent);
  return vectors.t() * cv::Matx33d::diag(values) * vectors;
}

}  // namespace

ColourStatistics colour_statistics(const cv::Mat& rgb) {
  std::array<std::int64_t, 3> sums{};
  std::array<std::array<std::int64_t, 3>, 3> products{};
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* row = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < rgb.cols; ++x) {
      for (int i = 0; i < 3; ++i) {
        sums[i] += row[x][i];
        for (int j = 0; j <= i; ++j) products[i][j] += row[x][i] * row[x][j];
      }
    }
  }
  const double pixels = static_cast<double>(rgb.rows) * rgb.cols;
  ColourStatistics statistics;
  for (int i = 0; i < 3; ++i) {
    statistics.mean[i] = static_cast<double>(sums[i]) / pixels / 255;
    for (int j = 0; j <= i; ++j) {
      const double product = static_cast<double>(products[i][j]) / pixels / (255.0 * 255.0);
      statistics.covariance(i, j) = product - statistics.mean[i] * statistics.mean[j];
      statistics.covariance(j, i) = statistics.covariance(i, j);
    }
  }
  return statistics;
}

ColourMap colour_match(const ColourStatistics& from, const ColourStatistics& to) {
  cv::Vec3d inverse;
  for (int i = 0; i < 3; ++i) inverse[i] = 1 / deviations(from.covariance)[i];
  ColourMap map;
  map.matrix = cv::Matx33d::diag(deviations(to.covariance)) *
               power_of_correlations(to.covariance, 0.5) *
               power_of_correlations(from.covariance, -0.5) * cv::Matx33d::diag(inverse);
  map.offset = to.mean - map.matrix * from.mean;
  return map;
}

torch::Tensor ColourMap::operator()(const torch::Tensor& images) const {
  torch::Tensor weights = torch::empty({3, 3});
  torch::Tensor bias = torch::empty({3});
  for (int i = 0; i < 3; ++i) {
    bias[i] = offset[i];
    for (int j = 0; j < 3; ++j) weights[i][j] = matrix(i, j);
  }
  return torch::einsum("ij,njhw->nihw", {weights.to(images.device()), images}) +
         bias.to(images.device()).view({1, 3, 1, 1});
}

}  // namespace epochal::adain
