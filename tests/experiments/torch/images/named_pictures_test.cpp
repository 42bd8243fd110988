#include "experiments/torch/images/named_pictures.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>

#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/images/image_file.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

void write_png(const std::filesystem::path& file, const cv::Mat& rgb) {
  std::filesystem::create_directories(file.parent_path());
  const std::vector<std::byte> png = encode_png(rgb);
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
}

TEST(NamedPictures, AFolderStandsForAllItsImagesSortedByName) {
  const test::TemporaryFolder folder;
  const cv::Mat picture = generate_image(GeneratorKind::scenes, 1, 64);
  for (const char* name : {"b.png", "a.png", "deeper/c.png"}) write_png(folder / name, picture);
  std::ofstream(folder / "notes.txt") << "no picture";
  EXPECT_EQ(pictures_named(folder.path().string()),
            (std::vector<std::string>{(folder / "a.png").string(), (folder / "b.png").string(),
                                      (folder / "deeper/c.png").string()}));
  EXPECT_EQ(pictures_named((folder / "b.png").string()).size(), 1u);
}

TEST(NamedPictures, AFolderWithoutImagesIsRefused) {
  const test::TemporaryFolder folder;
  expect_error("has no images", [&] { pictures_named(folder.path().string()); });
}

TEST(NamedPictures, GeneratedOnesAreThoseOfTheTraining) {
  EXPECT_EQ(pictures_named("generated:scenes:3"), std::vector<std::string>{"generated:scenes:3"});
  EXPECT_TRUE(is_generated_picture("generated:scenes:3"));
  EXPECT_FALSE(is_generated_picture("photos/generated.png"));
  const cv::Mat found = load_picture("generated:paintings:12", 64);
  const cv::Mat wanted = generate_image(GeneratorKind::paintings, 12, 64);
  EXPECT_EQ(cv::norm(found, wanted, cv::NORM_INF), 0);
}

TEST(NamedPictures, FilesAreResizedByTheirShorterSide) {
  const test::TemporaryFolder folder;
  write_png(folder / "a.png", cv::Mat(100, 200, CV_8UC3, cv::Scalar(1, 2, 3)));
  const cv::Mat found = load_picture((folder / "a.png").string(), 64);
  EXPECT_EQ(found.size(), cv::Size(128, 64));
}

TEST(NamedPictures, WhatIsNoPictureOfAGeneratorIsRefused) {
  expect_error("needs the number of a picture", [] { load_picture("generated:scenes", 64); });
  expect_error("as in generated:scenes:3", [] { load_picture("generated:scenes:", 64); });
  for (const char* number : {"-1", "x", "1x", "99999999999999999999", "4294967296", "1:2"}) {
    expect_error("needs the number of a picture",
                 [&] { load_picture(std::string("generated:scenes:") + number, 64); });
  }
  expect_error("did you mean 'generated:scenes'?", [] { load_picture("generated:scene:3", 64); });
}

}  // namespace
}  // namespace epochal
