// Puts contents, styles and outputs onto one sheet.

#include "experiments/adain/sample_grid.h"

#include <cassert>
#include <opencv2/imgproc.hpp>

namespace epochal::adain {
namespace {

constexpr int kGap = 4;
constexpr int kSmallestCell = 112;

}  // namespace

cv::Mat sample_grid(const std::vector<cv::Mat>& contents, const std::vector<cv::Mat>& styles,
                    const std::vector<cv::Mat>& outputs) {
  assert(outputs.size() == contents.size() * styles.size() && !contents.empty());
  const int side = contents.front().rows;
  const int cell = side >= kSmallestCell ? side : 2 * side;
  const auto extent = [&](std::size_t cells) {
    return static_cast<int>(cells) * (cell + kGap) + kGap;
  };
  cv::Mat sheet(extent(contents.size() + 1), extent(styles.size() + 1), CV_8UC3,
                cv::Scalar::all(255));
  const auto place = [&](const cv::Mat& image, std::size_t row, std::size_t column) {
    const cv::Rect area(extent(column), extent(row), cell, cell);
    cv::resize(image, sheet(area), area.size(), 0, 0, cv::INTER_CUBIC);
  };
  for (std::size_t column = 0; column < styles.size(); ++column) {
    place(styles[column], 0, column + 1);
  }
  for (std::size_t row = 0; row < contents.size(); ++row) {
    place(contents[row], row + 1, 0);
    for (std::size_t column = 0; column < styles.size(); ++column) {
      place(outputs[row * styles.size() + column], row + 1, column + 1);
    }
  }
  return sheet;
}

}  // namespace epochal::adain
