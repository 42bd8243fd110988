#pragma once

#include <opencv2/core/mat.hpp>

#include <vector>

namespace epochal::adain {

/// The contact sheet of a style transfer: the first row shows the styles, the first column the
/// contents, and where they meet stands the output. All images are of one size; `outputs` are row
/// by row, contents.size() * styles.size() of them. Small images are enlarged to be seen.
cv::Mat sample_grid(const std::vector<cv::Mat>& contents, const std::vector<cv::Mat>& styles,
                    const std::vector<cv::Mat>& outputs);

}  // namespace epochal::adain
