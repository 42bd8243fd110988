#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string_view>

namespace epochal::encoder {

/// What there is to see in a pattern; each task is a question with that many answers.
struct Task {
  std::string_view name;
  int classes;
};
constexpr std::array<Task, 4> kTasks{{{"texture", 8},  // scene, or one of seven ways to paint
                                      {"shape", 8},    // disc, square, triangle, star, …
                                      {"hue", 8},      // of the shape, in eighths of the wheel
                                      {"orientation", 6}}};  // of its stripes, in sixths of 180°

/// A generated picture with a striped shape before a scene or a painting, and what it shows.
struct Pattern {
  cv::Mat picture;  ///< 8-bit RGB [side,side,3]
  std::array<std::int64_t, kTasks.size()> labels{};
};

/// Part of the data's fingerprint: raise it when any pattern changes.
constexpr int kPatternVersion = 2;

/// Pattern `index`: a pure function of its index.
Pattern draw_pattern(std::uint64_t index, int side);

}  // namespace epochal::encoder
