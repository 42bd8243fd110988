#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

namespace epochal {

/// Whether a name is of a generated picture, "generated:scenes:3", and not of a file.
bool is_generated_picture(const std::string& name);

/// Throws Error if there is no such generator, or the number is missing.
void check_generated_picture(const std::string& name);

/// The pictures that a user's word stands for: an image file or a generated picture for itself, a
/// folder for all images below it, sorted by name. Throws Error if there is none.
std::vector<std::string> pictures_named(const std::string& name);

/// An image file, or picture N of a generator by "generated:scenes:N" or "generated:paintings:N",
/// as 8-bit RGB [H,W,3] with a shorter side of `side` pixels. Throws Error that names it.
cv::Mat load_picture(const std::string& name, int side);

}  // namespace epochal
