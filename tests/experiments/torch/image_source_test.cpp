#include "experiments/torch/image_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <set>

#include "experiments/torch/generated_images.h"
#include "experiments/torch/image_file.h"
#include "experiments/torch/image_split.h"
#include "experiments/torch/image_tensor.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0;
}

void save_picture(const std::filesystem::path& file, std::uint64_t index, int side = 40) {
  std::filesystem::create_directories(file.parent_path());
  cv::imwrite(file.string(), generate_image(GeneratorKind::scenes, index, side));
}

TEST(GeneratedImages, AreAFunctionOfTheirIndex) {
  for (const GeneratorKind kind : {GeneratorKind::scenes, GeneratorKind::paintings}) {
    for (std::uint64_t index = 0; index < 12; ++index) {
      const cv::Mat image = generate_image(kind, index, 48);
      EXPECT_EQ(image.size(), cv::Size(48, 48));
      EXPECT_TRUE(same(image, generate_image(kind, index, 48)));
      EXPECT_FALSE(same(image, generate_image(kind, index + 1, 48)));
    }
  }
}

TEST(Folder, ListsImagesByNameAndReadsThem) {
  const test::TemporaryFolder folder;
  save_picture(folder / "b.png", 1);
  save_picture(folder / "a/deep.JPG", 2);
  test::write_file(folder / "notes.txt", "no image");
  const auto source = open_image_source(folder.path().string());
  EXPECT_EQ(source->size(), 2);
  EXPECT_EQ(source->load(1, 20).size(), cv::Size(20, 20));
}

TEST(Folder, FingerprintFollowsContentNotPlace) {
  const test::TemporaryFolder one;
  const test::TemporaryFolder two;
  save_picture(one / "a.png", 1);
  save_picture(two / "a.png", 1);
  const auto print = [](const test::TemporaryFolder& folder) {
    return open_image_source(folder.path().string())->fingerprint();
  };
  EXPECT_EQ(print(one), print(two));
  save_picture(two / "a.png", 2);
  EXPECT_NE(print(one), print(two));
}

TEST(Folder, NamesWhatIsWrong) {
  const test::TemporaryFolder folder;
  expect_error("/no/such/folder: the folder cannot be read",
               [] { open_image_source("/no/such/folder"); });
  expect_error("holds no images", [&] { open_image_source(folder.path().string()); });
  test::write_file(folder / "empty.jpg", "");
  expect_error("empty.jpg: the image is an empty file",
               [&] { open_image_source(folder.path().string()); });
  test::write_file(folder / "empty.jpg", "not a JPEG at all");
  const auto source = open_image_source(folder.path().string());
  expect_error("empty.jpg: the image does not decode", [&] { source->load(0, 32); });
  expect_error("did you mean 'generated:scenes'?", [] { open_image_source("generated:scene"); });
}

TEST(ImageFile, ReadsRgbAndShapes) {
  const test::TemporaryFolder folder;
  cv::Mat bgr(30, 60, CV_8UC3, cv::Scalar(10, 20, 200));  // red, in OpenCV's order
  cv::imwrite((folder / "red.png").string(), bgr);
  const cv::Mat rgb = read_image(folder / "red.png");
  EXPECT_EQ(rgb.at<cv::Vec3b>(0, 0), cv::Vec3b(200, 20, 10));
  EXPECT_EQ(resize_shorter_side(rgb, 15).size(), cv::Size(30, 15));
  EXPECT_EQ(resize_shorter_side(rgb, 60).size(), cv::Size(120, 60));

  cv::imwrite((folder / "grey.png").string(), cv::Mat(8, 8, CV_8UC1, cv::Scalar(77)));
  EXPECT_EQ(read_image(folder / "grey.png").at<cv::Vec3b>(3, 3), cv::Vec3b(77, 77, 77));
  cv::imwrite((folder / "alpha.png").string(), cv::Mat(8, 8, CV_8UC4, cv::Scalar(1, 2, 3, 0)));
  EXPECT_EQ(read_image(folder / "alpha.png").channels(), 3);
}

TEST(ImageFile, PngReadsBack) {
  const test::TemporaryFolder folder;
  const cv::Mat image = generate_image(GeneratorKind::paintings, 3, 40);
  const std::vector<std::byte> png = encode_png(image);
  test::write_file(folder / "x.png", {reinterpret_cast<const char*>(png.data()), png.size()});
  EXPECT_TRUE(same(read_image(folder / "x.png"), image));
}

TEST(ImageFile, ReadsTheOddPicturesOfTheSharedFolder) {
  const std::filesystem::path odd = EPOCHAL_SOURCE_FOLDER "/../shared/data/odd";
  if (!std::filesystem::is_directory(odd)) GTEST_SKIP() << "the shared pictures are not here";
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(odd)) {
    EXPECT_EQ(read_image(entry.path()).channels(), 3) << entry.path();
    ++count;
  }
  EXPECT_GT(count, 3);
}

TEST(ImageTensor, IsExactBothWays) {
  const cv::Mat image = generate_image(GeneratorKind::scenes, 1, 33);
  const torch::Tensor tensor = to_tensor(image);
  EXPECT_EQ(tensor.sizes(), (std::vector<std::int64_t>{1, 3, 33, 33}));
  EXPECT_FLOAT_EQ(tensor[0][2][4][5].item<float>(), image.at<cv::Vec3b>(4, 5)[2] / 255.0F);
  EXPECT_TRUE(same(to_image(tensor), image));
  EXPECT_EQ(to_image(torch::full({3, 1, 1}, 7.0)).at<cv::Vec3b>(0, 0), cv::Vec3b(255, 255, 255));
}

class CountedSource : public ImageSource {
 public:
  explicit CountedSource(std::int64_t count) : count_(count) {}
  std::int64_t size() const override { return count_; }
  cv::Mat load(std::int64_t, int) const override { return {}; }
  std::string fingerprint() const override { return {}; }
  const std::string& name() const override { return name_; }

 private:
  std::int64_t count_;
  std::string name_ = "some folder";
};

TEST(ImageSplit, SubsetsAreNestedAndValidationIsApart) {
  const CountedSource folder(1200);
  const auto generator = open_image_source("generated:scenes");
  for (const ImageSource* source : {static_cast<const ImageSource*>(&folder),
                                    static_cast<const ImageSource*>(generator.get())}) {
    const ImageSplit small = split_images(*source, 100, 16, 0);
    const ImageSplit large = split_images(*source, 1000, 16, 0);
    EXPECT_EQ(small.validation, large.validation);
    EXPECT_TRUE(std::equal(small.training.begin(), small.training.end(), large.training.begin()));
    std::set<std::int64_t> all(large.training.begin(), large.training.end());
    EXPECT_EQ(all.size(), 1000u);
    for (const std::int64_t index : large.validation) EXPECT_FALSE(all.contains(index));
    EXPECT_NE(split_images(*source, 100, 16, 1).training, small.training);
  }
}

TEST(ImageSplit, SaysHowManyImagesAreMissing) {
  expect_error("some folder: there are 110 images, but 116 are needed: 100 to train and 16",
               [] { split_images(CountedSource(110), 100, 16, 0); });
}

}  // namespace
}  // namespace epochal
