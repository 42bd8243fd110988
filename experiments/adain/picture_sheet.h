#pragma once

#include <opencv2/core/mat.hpp>

#include <cstddef>
#include <vector>

namespace epochal::adain {

/// Where a picture goes on a sheet. Row and column 0 are the heads. Several pictures may share a
/// cell, side by side.
struct SheetCell {
  std::size_t row = 0;
  std::size_t column = 0;
  std::size_t part = 0;
  std::size_t parts = 1;
};

/// Small pictures on white: what heads the columns, and below it rows, each headed by a picture.
/// Pictures keep their shape, in the middle of square cells; a cell without one stays white.
class PictureSheet {
 public:
  /// Rows and columns besides the heads; sides of cells in pixels.
  PictureSheet(std::size_t rows, std::size_t columns, int cell);

  /// 8-bit RGB [H,W,3].
  void place(const cv::Mat& picture, const SheetCell& where);

  const cv::Mat& rgb() const { return sheet_; }

 private:
  int cell_;
  cv::Mat sheet_;
};

/// Throws Error if a sheet of so many rows and columns would be too large for any screen, and fill
/// the memory, even with its smallest cells.
void check_sheet_size(std::size_t rows, std::size_t columns);

/// The side of a cell with which a sheet of so many rows and columns stays of a handy size.
int handy_cell(std::size_t rows, std::size_t columns);

/// The contact sheet of a style transfer: the first row shows the styles, the first column the
/// contents, and where they meet stands the output. All images are of one size; `outputs` are row
/// by row, contents.size() * styles.size() of them. Small images are enlarged to be seen.
cv::Mat sample_grid(const std::vector<cv::Mat>& contents, const std::vector<cv::Mat>& styles,
                    const std::vector<cv::Mat>& outputs);

}  // namespace epochal::adain
