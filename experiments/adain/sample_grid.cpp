// Puts contents, styles and outputs onto one sheet.

#include "experiments/adain/sample_grid.h"

#include <cassert>

#include "experiments/adain/picture_sheet.h"

namespace epochal::adain {
namespace {

constexpr int kSmallestCell = 112;

}  // namespace

cv::Mat sample_grid(const std::vector<cv::Mat>& contents, const std::vector<cv::Mat>& styles,
                    const std::vector<cv::Mat>& outputs) {
  assert(outputs.size() == contents.size() * styles.size() && !contents.empty());
  const int side = contents.front().rows;
  const int cell = side >= kSmallestCell ? side : 2 * side;
  PictureSheet sheet(contents.size(), styles.size(), cell);
  for (std::size_t column = 0; column < styles.size(); ++column) {
    sheet.place(styles[column], {0, column + 1});
  }
  for (std::size_t row = 0; row < contents.size(); ++row) {
    sheet.place(contents[row], {row + 1, 0});
    for (std::size_t column = 0; column < styles.size(); ++column) {
      sheet.place(outputs[row * styles.size() + column], {row + 1, column + 1});
    }
  }
  return sheet.rgb();
}

}  // namespace epochal::adain
