// Where a picture is cut.

#include "experiments/torch/images/tiles.h"

namespace epochal {
namespace {

/// Ends of equal parts of 0 … length, none longer than `most`; the first is 0.
std::vector<int> cuts(int length, int most) {
  const int parts = (length + most - 1) / most;
  std::vector<int> ends;
  for (int part = 0; part <= parts; ++part) {
    ends.push_back(static_cast<int>(static_cast<long>(length) * part / parts));
  }
  return ends;
}

}  // namespace

std::vector<Tile> tiles_of(cv::Size picture, int most, int margin) {
  const cv::Rect whole(cv::Point(0, 0), picture);
  const std::vector<int> rows = cuts(picture.height, most);
  const std::vector<int> columns = cuts(picture.width, most);
  std::vector<Tile> tiles;
  for (std::size_t row = 1; row < rows.size(); ++row) {
    for (std::size_t column = 1; column < columns.size(); ++column) {
      const cv::Rect core(cv::Point(columns[column - 1], rows[row - 1]),
                          cv::Point(columns[column], rows[row]));
      const cv::Rect around(core.x - margin, core.y - margin, core.width + 2 * margin,
                            core.height + 2 * margin);
      tiles.push_back({core, around & whole});
    }
  }
  return tiles;
}

}  // namespace epochal
