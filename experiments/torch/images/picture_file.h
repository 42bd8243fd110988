#pragma once

#include <opencv2/core/mat.hpp>

#include <filesystem>
#include <vector>

namespace epochal {

/// Whether the name of a file ends in one by which write_picture() knows the format.
bool has_picture_extension(const std::filesystem::path& file);

/// Whether two names end in one format: a.jpg and b.JPEG.
bool are_same_format(const std::filesystem::path& one, const std::filesystem::path& other);

/// Throws Error, before anything is computed, if a picture could not be written there: the name
/// does not say a format, its folder is missing or not writable, or something else has the name.
void check_picture_place(const std::filesystem::path& file);

/// Throws Error, before anything is computed, if one of `outputs` is one of `inputs`, by whatever
/// name.
void check_not_overwritten(const std::vector<std::filesystem::path>& inputs,
                           const std::vector<std::filesystem::path>& outputs);

/// Whether two names, of files that need not be there, stand for one file.
bool are_same_file(const std::filesystem::path& one, const std::filesystem::path& other);

/// Writes 8-bit RGB [H,W,3] in the format of the name: PNG, JPEG (quality 95), WebP (quality 95) or
/// TIFF. The file is there whole or, if that throws Error, as it was before.
void write_picture(const std::filesystem::path& file, const cv::Mat& rgb);

}  // namespace epochal
