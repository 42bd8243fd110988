// Single pictures by their names: files and those of the generators.

#include "experiments/torch/images/named_pictures.h"

#include <fmt/format.h>

#include <filesystem>

#include "experiments/torch/images/image_file.h"
#include "experiments/torch/images/image_folder.h"
#include "experiments/torch/images/image_source.h"
#include "framework/base/error.h"
#include "framework/base/parsed_number.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

/// "generated:scenes:3" -> "generated:scenes" and 3.
struct GeneratedPicture {
  std::unique_ptr<ImageSource> source;
  std::int64_t number = 0;
};

GeneratedPicture generated_picture(const std::string& name) {
  const std::size_t colon = name.find(':', kGeneratorScheme.size());
  GeneratedPicture picture{open_image_source(name.substr(0, colon))};
  const std::string number = colon == std::string::npos ? "" : name.substr(colon + 1);
  picture.number = parsed_number<std::int64_t>(number).value_or(-1);
  if (picture.number < 0 || picture.number >= picture.source->size()) {
    throw Error(fmt::format("'{}' needs the number of a picture", name.substr(0, 80)), {},
                fmt::format("write its number after it, as in {}:3", name.substr(0, colon)));
  }
  return picture;
}

}  // namespace

bool is_generated_picture(const std::string& name) {
  return name.starts_with(kGeneratorScheme);
}

void check_generated_picture(const std::string& name) {
  generated_picture(name);
}

std::vector<std::string> pictures_named(const std::string& name) {
  std::error_code error;
  if (is_generated_picture(name) || !fs::is_directory(name, error)) return {name};
  std::vector<std::string> files;
  for (const fs::path& file : image_files(name)) files.push_back((fs::path(name) / file).string());
  if (files.empty()) throw Error("the folder has no images", name, "name one that does");
  return files;
}

cv::Mat load_picture(const std::string& name, int side) {
  if (!is_generated_picture(name)) return resize_shorter_side(read_image(name), side);
  const GeneratedPicture picture = generated_picture(name);
  return picture.source->load(picture.number, side);
}

}  // namespace epochal
