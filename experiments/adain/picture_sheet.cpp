// Puts pictures of any shape onto one sheet.

#include "experiments/adain/picture_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "framework/base/error.h"

namespace epochal::adain {
namespace {

constexpr int kGap = 4;

/// Where cell number `index` begins.
int start_of(std::size_t index, int cell) {
  return static_cast<int>(index) * (cell + kGap) + kGap;
}

void fit(const cv::Mat& picture, cv::Mat area) {
  const double scale = std::min(static_cast<double>(area.cols) / picture.cols,
                                static_cast<double>(area.rows) / picture.rows);
  const cv::Size size(std::max(1, static_cast<int>(std::lround(picture.cols * scale))),
                      std::max(1, static_cast<int>(std::lround(picture.rows * scale))));
  cv::Mat part = area(cv::Rect((area.cols - size.width) / 2, (area.rows - size.height) / 2,
                               size.width, size.height));
  cv::resize(picture, part, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
}

}  // namespace

PictureSheet::PictureSheet(std::size_t rows, std::size_t columns, int cell)
    : cell_(cell),
      sheet_(start_of(rows + 1, cell), start_of(columns + 1, cell), CV_8UC3, cv::Scalar::all(255)) {
}

void PictureSheet::place(const cv::Mat& picture, const SheetCell& where) {
  const int left = static_cast<int>(static_cast<std::size_t>(cell_) * where.part / where.parts);
  const int right =
      static_cast<int>(static_cast<std::size_t>(cell_) * (where.part + 1) / where.parts);
  fit(picture, sheet_(cv::Rect(start_of(where.column, cell_) + left, start_of(where.row, cell_),
                               std::max(1, right - left), cell_)));
}

void check_sheet_size(std::size_t rows, std::size_t columns) {
  constexpr std::size_t kMost = 250;
  if (rows <= kMost && columns <= kMost) return;
  throw Error(fmt::format("a sheet of {} by {} pictures is too large", rows, columns), {},
              fmt::format("leave --sheet out, or name at most {} each way", kMost));
}

int handy_cell(std::size_t rows, std::size_t columns) {
  constexpr int kLargestSheet = 8192;
  constexpr int kLargestCell = 256;
  constexpr int kSmallestCell = 32;
  const int most = static_cast<int>(std::max(rows, columns)) + 1;
  return std::clamp(kLargestSheet / most - kGap, kSmallestCell, kLargestCell);
}

cv::Mat sample_grid(const std::vector<cv::Mat>& contents, const std::vector<cv::Mat>& styles,
                    const std::vector<cv::Mat>& outputs) {
  assert(outputs.size() == contents.size() * styles.size() && !contents.empty());
  constexpr int kSmallestCell = 112;
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
