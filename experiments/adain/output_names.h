#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace epochal::adain {

/// At most `most` bytes of a text, cut before a character of UTF-8, not within one.
std::string shortened(const std::string& text, std::size_t most);

/// Names of files without their folder and extension, shortened to what file systems take;
/// "generated:scenes:3" is scenes-3. Those of different files that would be the same get a number:
/// x, x-2, x-3.
std::vector<std::string> labels_of(const std::vector<std::filesystem::path>& files);

/// The names, shortened to `most` bytes, with a number behind each that was there before. Of the
/// 255 bytes that file systems take, 230 leave room for numbers and an extension.
std::vector<std::string> distinct_names(const std::vector<std::string>& names,
                                        std::size_t most = 230);

}  // namespace epochal::adain
