#include "experiments/torch/images/tiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/core.hpp>

namespace epochal {
namespace {

TEST(Tiles, CoverThePictureOnceWithMarginsThatEndWhereItEnds) {
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(10, 7), cv::Size(23, 64)}) {
    cv::Mat covered(size, CV_32S, cv::Scalar(0));
    for (const Tile& tile : tiles_of(size, 8, 3)) {
      EXPECT_LE(std::max(tile.core.width, tile.core.height), 8);
      covered(tile.core) += 1;
      EXPECT_EQ(tile.around.x, std::max(0, tile.core.x - 3));
      EXPECT_EQ(tile.around.y, std::max(0, tile.core.y - 3));
      EXPECT_EQ(tile.around.br().x, std::min(size.width, tile.core.br().x + 3));
      EXPECT_EQ(tile.around.br().y, std::min(size.height, tile.core.br().y + 3));
    }
    EXPECT_EQ(cv::countNonZero(covered != 1), 0);
  }
}

TEST(Tiles, AreAboutAsLargeAsEachOther) {
  const std::vector<Tile> tiles = tiles_of({17, 4}, 8, 0);
  ASSERT_EQ(tiles.size(), 3u);
  for (const Tile& tile : tiles) EXPECT_GE(tile.core.width, 5);
}

}  // namespace
}  // namespace epochal
