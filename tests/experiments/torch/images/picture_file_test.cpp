#include "experiments/torch/images/picture_file.h"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/images/image_file.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;
using test::expect_error;

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST(PictureFile, WritesTheFormatOfTheName) {
  const test::TemporaryFolder folder;
  const cv::Mat rgb = generate_image(GeneratorKind::scenes, 1, 48);
  const std::vector<std::pair<std::string, std::string>> formats{
      {"a.png", "\x89PNG"}, {"a.JPG", "\xFF\xD8\xFF"}, {"a.jpeg", "\xFF\xD8\xFF"},
      {"a.webp", "RIFF"},   {"a.tif", "II*"},          {"a.TIFF", "II*"}};
  for (const auto& [name, magic] : formats) {
    check_picture_place(folder / name);
    write_picture(folder / name, rgb);
    EXPECT_TRUE(test::read_file(folder / name).starts_with(magic)) << name;
    const cv::Mat back = read_image(folder / name);
    EXPECT_LT(cv::norm(back, rgb, cv::NORM_L1) / static_cast<double>(3 * rgb.total()), 6) << name;
  }
  EXPECT_EQ(files_in(folder.path()), formats.size()) << "nothing is left beside them";
}

TEST(PictureFile, RefusesPlacesBeforeAnythingIsComputed) {
  const test::TemporaryFolder folder;
  const auto refused = [&](const fs::path& file, const std::string& part) {
    expect_error(part, [&] { check_picture_place(file); });
  };
  refused(folder / "x.gif", "the extension of this name is not a known picture format");
  refused(folder / "x", ".png, .jpg");
  refused(folder / "none/x.png", "there is no folder");
  fs::create_directory(folder / "folder.png");
  refused(folder / "folder.png", "it is a folder");
  test::write_file(folder / "file", "");
  refused(folder / "file/x.png", "is not a folder");
  check_picture_place("x.png");
}

TEST(PictureFile, ThatFailsLeavesWhatWasThere) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "x.webp", "old");
  const cv::Mat wide(1, 20'000, CV_8UC3, cv::Scalar::all(9));  // WebP ends at 16383
  expect_error("cannot be stored in this format", [&] { write_picture(folder / "x.webp", wide); });
  EXPECT_EQ(test::read_file(folder / "x.webp"), "old");
  EXPECT_EQ(files_in(folder.path()), 1u);
}

TEST(PictureFile, FollowsALinkAndLeavesItOne) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "there/x.png", "old");
  fs::create_symlink(folder / "there/x.png", folder / "link.png");
  write_picture(folder / "link.png", cv::Mat(8, 8, CV_8UC3, cv::Scalar::all(9)));
  EXPECT_TRUE(fs::is_symlink(folder / "link.png"));
  EXPECT_EQ(read_image(folder / "there/x.png").rows, 8);
}

TEST(PictureFile, ALinkToAFileThatIsNotThereMakesThatFile) {
  const test::TemporaryFolder folder;
  const cv::Mat picture(8, 8, CV_8UC3, cv::Scalar::all(9));
  fs::create_symlink("new.png", folder / "link.png");
  check_picture_place(folder / "link.png");
  write_picture(folder / "link.png", picture);
  EXPECT_TRUE(fs::is_symlink(folder / "link.png"));
  EXPECT_EQ(read_image(folder / "new.png").rows, 8);

  fs::create_symlink("/nonexistent/x.png", folder / "lost.png");
  expect_error("there is no folder /nonexistent",
               [&] { check_picture_place(folder / "lost.png"); });
  fs::create_symlink("loop.png", folder / "loop.png");
  expect_error("a link that leads to itself", [&] { check_picture_place(folder / "loop.png"); });
}

TEST(PictureFile, KnowsOneFileUnderTwoNames) {
  const test::TemporaryFolder folder;
  fs::create_symlink("x.png", folder / "link.png");
  EXPECT_TRUE(are_same_file(folder / "link.png", folder / "./x.png"));
  EXPECT_FALSE(are_same_file(folder / "y.png", folder / "x.png"));
  EXPECT_TRUE(are_same_format("a.JPG", "b.jpeg"));
  EXPECT_TRUE(are_same_format("a.tif", "b.TIFF"));
  EXPECT_FALSE(are_same_format("a.png", "b.jpeg"));
}

}  // namespace
}  // namespace epochal
