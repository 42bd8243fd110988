#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <opencv2/imgproc.hpp>

#include "framework/base/keyed_random.h"

namespace epochal::test {

/// A grey picture from a function of row and column that gives 0 to 255: 8-bit RGB
/// [rows,columns,3].
inline cv::Mat made_of(const std::function<double(int, int)>& value, int rows, int columns) {
  cv::Mat picture(rows, columns, CV_8UC3);
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      const auto grey = static_cast<unsigned char>(std::clamp(value(y, x), 0.0, 255.0));
      picture.at<cv::Vec3b>(y, x) = cv::Vec3b(grey, grey, grey);
    }
  }
  return picture;
}

/// White noise without colour.
inline cv::Mat noise(std::uint64_t seed, int rows, int columns) {
  KeyedRandom random({seed});
  return made_of([&](int, int) { return 255 * random.uniform(); }, rows, columns);
}

/// Discs of many colours over each other: edges in all directions, none of them preferred.
inline cv::Mat discs(std::uint64_t seed, int side) {
  KeyedRandom random({seed});
  cv::Mat picture(side, side, CV_8UC3, cv::Scalar::all(120));
  for (int i = 0; i < 60; ++i) {
    const double x = random.uniform(0, side);
    const double y = random.uniform(0, side);
    const double radius = random.uniform(side / 40.0, side / 6.0);
    const double red = random.uniform(20, 235);
    const double green = random.uniform(20, 235);
    const double blue = random.uniform(20, 235);
    cv::circle(picture, {static_cast<int>(x), static_cast<int>(y)}, static_cast<int>(radius),
               cv::Scalar(red, green, blue), cv::FILLED, cv::LINE_AA);
  }
  cv::GaussianBlur(picture, picture, {}, 0.8);
  return picture;
}

}  // namespace epochal::test
