#include "experiments/torch/images/image_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <thread>

#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/images/image_folder.h"
#include "experiments/torch/images/image_split.h"
#include "experiments/torch/images/image_tensor.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

constexpr std::array<GeneratorKind, 2> kKinds{GeneratorKind::scenes, GeneratorKind::paintings};

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0;
}

void save_picture(const std::filesystem::path& file, std::uint64_t index, int side = 40) {
  std::filesystem::create_directories(file.parent_path());
  cv::imwrite(file.string(), generate_image(GeneratorKind::scenes, index, side));
}

TEST(GeneratedImages, AreAFunctionOfTheirIndex) {
  for (const GeneratorKind kind : kKinds) {
    for (std::uint64_t index = 0; index < 12; ++index) {
      const cv::Mat image = generate_image(kind, index, 48);
      EXPECT_EQ(image.size(), cv::Size(48, 48));
      EXPECT_TRUE(same(image, generate_image(kind, index, 48)));
      EXPECT_FALSE(same(image, generate_image(kind, index + 1, 48)));
    }
  }
}

/// FNV-1a, to tell pictures by a number.
std::uint64_t digest(const cv::Mat& image, std::uint64_t hash) {
  for (std::size_t i = 0; i < image.total() * image.elemSize(); ++i) {
    hash = (hash ^ image.data[i]) * 1099511628211U;
  }
  return hash;
}

TEST(GeneratedImages, HaveTheSameBitsOnEveryMachine) {
  // Made with and without AVX2 and FMA, of the processor's, the C library's and OpenCV's. Another
  // version of OpenCV may draw its lines differently; then kGeneratorVersion goes up with these.
  std::uint64_t hash = 14695981039346656037U;
  for (std::uint64_t index = 0; index < 100; ++index) {
    hash = digest(generate_image(GeneratorKind::scenes, index, 64), hash);
    hash = digest(generate_image(GeneratorKind::paintings, index, 64), hash);
  }
  EXPECT_EQ(hash, 0xeadb0e454885a91aU) << std::hex << hash;
}

/// The mean difference of two pictures over all pixels and channels.
double distance(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

cv::Mat shrunk(const cv::Mat& image, int side) {
  cv::Mat small;
  cv::resize(image, small, {side, side}, 0, 0, cv::INTER_AREA);
  return small;
}

TEST(GeneratedImages, AreTheSamePictureAtEverySize) {
  // A large one made small is the small one but for what fine texture does, and is far from others.
  for (const GeneratorKind kind : kKinds) {
    double to_itself = 0;
    double to_next = 0;
    constexpr std::uint64_t kPictures = 24;
    for (std::uint64_t index = 0; index < kPictures; ++index) {
      const cv::Mat small = shrunk(generate_image(kind, index, 64), 32);
      const cv::Mat large = shrunk(generate_image(kind, index, 192), 32);
      const double apart = distance(small, large);
      EXPECT_LT(apart, 16) << index;
      to_itself += apart / kPictures;
      to_next += distance(small, shrunk(generate_image(kind, index + 1, 64), 32)) / kPictures;
    }
    EXPECT_LT(to_itself, 0.15 * to_next);
  }
}

TEST(GeneratedImages, HaveTheSameBitsOnAnyThread) {
  constexpr std::size_t kPictures = 32;
  for (const GeneratorKind kind : kKinds) {
    std::vector<cv::Mat> alone(kPictures);
    std::vector<cv::Mat> beside(kPictures);
    for (std::size_t i = 0; i < kPictures; ++i) alone[i] = generate_image(kind, i, 48);
    std::vector<std::thread> threads;
    for (std::size_t first = 0; first < 4; ++first) {
      threads.emplace_back([&, first] {
        for (std::size_t i = first; i < kPictures; i += 4) beside[i] = generate_image(kind, i, 48);
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < kPictures; ++i) EXPECT_TRUE(same(alone[i], beside[i])) << i;
  }
}

TEST(GeneratedImages, AreDrawnFromAPixelUp) {
  for (const GeneratorKind kind : kKinds) {
    for (const int side : {1, 2, 7, 31}) {
      for (std::uint64_t index = 0; index < 16; ++index) {
        EXPECT_EQ(generate_image(kind, index, side).size(), cv::Size(side, side));
      }
    }
  }
}

/// How much neighbouring pixels differ.
double texture(const cv::Mat& image) {
  const cv::Rect here(0, 0, image.cols - 1, image.rows - 1);
  return distance(image(here), image(here + cv::Point(1, 1)));
}

TEST(GeneratedPaintings, HaveATechniqueThatIsSeen) {
  // The same subject in two techniques is two pictures, and brushes, stones and grains are seen.
  for (int technique = 0; technique < kTechniques; ++technique) {
    double rough = 0;
    double apart = 0;
    constexpr std::uint64_t kPictures = 12;
    for (std::uint64_t index = 0; index < kPictures; ++index) {
      const cv::Mat one = generate_painting(static_cast<Technique>(technique), index, 96);
      const int next = (technique + 1) % kTechniques;
      const cv::Mat other = generate_painting(static_cast<Technique>(next), index, 96);
      rough += texture(one) / kPictures;
      apart += distance(one, other) / kPictures;
    }
    EXPECT_GT(rough, 6) << technique;
    EXPECT_GT(apart, 10) << technique;
  }
}

TEST(GeneratedImages, AreVisiblyDifferent) {
  // Two pictures of one kind differ by far more than any compression would make them.
  for (const GeneratorKind kind : kKinds) {
    std::vector<cv::Mat> images;
    for (std::uint64_t index = 0; index < 120; ++index) {
      images.push_back(generate_image(kind, index, 32));
    }
    for (std::size_t a = 0; a < images.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        EXPECT_GT(distance(images[a], images[b]), 8) << a << " and " << b;
      }
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

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& file : image_files(folder)) names.push_back(file.string());
  return names;
}

TEST(Folder, LeavesAsideWhatSystemsKeepBesidePictures) {
  const test::TemporaryFolder folder;
  save_picture(folder / "a.png", 1);
  for (const char* name : {"._a.png", ".hidden.jpg", "__MACOSX/._a.png", "__MACOSX/b.png",
                           ".thumbnails/a.png", "deep/._c.png"}) {
    test::write_file(folder / name, "no picture");
  }
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"a.png"});
  // The folder that was asked for may be called as it likes.
  save_picture(folder / ".asked/b.png", 1);
  EXPECT_EQ(names_in(folder / ".asked"), std::vector<std::string>{"b.png"});
}

TEST(Folder, FollowsLinksAndCountsEachFolderOnce) {
  namespace fs = std::filesystem;
  const test::TemporaryFolder folder;
  const fs::path top = folder / "top";
  save_picture(top / "real/b.png", 1);
  save_picture(folder / "elsewhere/c.png", 2);
  save_picture(folder / "single.png", 3);
  fs::create_symlink(folder / "elsewhere", top / "linked");
  fs::create_symlink(folder / "elsewhere", top / "linked again");
  fs::create_symlink(folder / "single.png", top / "z.png");
  fs::create_symlink("real", top / "alias");  // before what it leads to, by name
  fs::create_symlink("..", top / "real/up");  // a loop
  fs::create_symlink("loop", top / "loop");   // a link to itself
  fs::create_symlink("nothing", top / "gone");
  EXPECT_EQ(names_in(top), (std::vector<std::string>{"linked/c.png", "real/b.png", "z.png"}));
  EXPECT_EQ(open_image_source(top.string())->load(0, 20).size(), cv::Size(20, 20));
}

TEST(Folder, NamesALinkToAnImageThatIsGone) {
  const test::TemporaryFolder folder;
  std::filesystem::create_symlink("nothing.png", folder / "a.png");
  const auto source = open_image_source(folder.path().string());
  ASSERT_EQ(source->size(), 1);
  expect_error("a.png: the image cannot be read", [&] { source->load(0, 32); });
  EXPECT_FALSE(source->fingerprint().empty());
}

TEST(Folder, NamesWhatIsWrong) {
  const test::TemporaryFolder folder;
  expect_error("/no/such/folder: the folder cannot be read",
               [] { open_image_source("/no/such/folder"); });
  expect_error("has no images", [&] { open_image_source(folder.path().string()); });
  test::write_file(folder / "a.jpg", "");
  test::write_file(folder / "b.jpg", "not a JPEG at all");
  const auto source = open_image_source(folder.path().string());
  expect_error("a.jpg: the image is an empty file", [&] { source->load(0, 32); });
  expect_error("b.jpg: the image cannot be decoded", [&] { source->load(1, 32); });
  expect_error("did you mean 'generated:scenes'?", [] { open_image_source("generated:scene"); });
}

TEST(JoinedSources, AreOneAfterTheOther) {
  const test::TemporaryFolder folder;
  save_picture(folder / "a.png", 1);
  save_picture(folder / "b.png", 2);
  const std::string name = folder.path().string() + " + generated:paintings*3";
  const auto joined = open_image_source(name);
  ASSERT_EQ(joined->size(), 5);
  const auto alone = open_image_source(folder.path().string());
  EXPECT_TRUE(same(joined->load(1, 40), alone->load(1, 40)));
  EXPECT_TRUE(same(joined->load(2, 40), generate_image(GeneratorKind::paintings, 0, 40)));
  EXPECT_TRUE(same(joined->load(4, 40), generate_image(GeneratorKind::paintings, 2, 40)));
}

TEST(JoinedSources, FingerprintFollowsEachPart) {
  const auto print = [](const std::string& name) { return open_image_source(name)->fingerprint(); };
  EXPECT_EQ(print("generated:scenes*3 + generated:paintings*2"),
            print("generated:scenes*3 + generated:paintings*2"));
  EXPECT_NE(print("generated:scenes*3 + generated:paintings*2"),
            print("generated:scenes*3 + generated:paintings*4"));
  EXPECT_NE(print("generated:scenes*3 + generated:paintings*2"),
            print("generated:paintings*2 + generated:scenes*3"));
}

TEST(JoinedSources, NameWhatIsWrong) {
  expect_error("generated:scenes is endless, so it cannot be joined with others",
               [] { open_image_source("generated:paintings*2 + generated:scenes"); });
  for (const char* name :
       {"generated:scenes*", "generated:scenes*0", "generated:scenes*-3", "generated:scenes*2x",
        "generated:scenes*10000001", "generated:scenes*99999999999999999999"}) {
    expect_error("has no number of pictures", [&] { open_image_source(name); });
  }
  expect_error("no image generator 'generated:scens*4'",
               [] { open_image_source("generated:scens*4"); });
  for (const char* name : {"generated:scenes*4 + ", " + generated:scenes*4"}) {
    expect_error("' names no source on one side of a +", [&] { open_image_source(name); });
  }
}

TEST(JoinedSources, AFolderMayHaveAPlusInItsName) {
  const test::TemporaryFolder folder;
  for (const char* name : {"photos", "photos + notes"}) {
    std::filesystem::create_directory(folder / name);
    cv::imwrite((folder / name / "x.png").string(), cv::Mat(8, 8, CV_8UC3));
  }
  const std::string plus = (folder / "photos + notes").string();
  EXPECT_EQ(open_image_source(plus)->size(), 1);
  EXPECT_EQ(open_image_source("generated:scenes*4 + " + plus + " + generated:paintings*2")->size(),
            7);
}

TEST(JoinedSources, NoneIsJoinedWithItself) {
  const test::TemporaryFolder folder;
  cv::imwrite((folder / "x.png").string(), cv::Mat(8, 8, CV_8UC3));
  const std::string name = folder.path().string();
  expect_error("is joined with itself", [&] { open_image_source(name + " + " + name + "/."); });
  expect_error("is joined with itself",
               [] { open_image_source("generated:scenes*4 + generated:scenes*8"); });
}

TEST(JoinedSources, AreShuffledHoweverManyTheyAre) {
  const auto source = open_image_source("generated:scenes*40 + generated:paintings*40");
  const ImageSplit split = split_images(*source, 40, 8, /*subset_seed=*/3);
  EXPECT_TRUE(std::any_of(split.training.begin(), split.training.end(),
                          [](std::int64_t index) { return index >= 40; }));
}

TEST(DatasetSeeds, DrawOtherTrainingImagesForTheSameValidationSet) {
  for (const char* name : {"generated:scenes", "generated:scenes*400"}) {
    const auto source = open_image_source(name);
    const ImageSplit usual = split_images(*source, 100, 8, 3);
    EXPECT_EQ(split_images(*source, 100, 8, 3, 0).training, usual.training);
    const ImageSplit other = split_images(*source, 100, 8, 3, 1);
    EXPECT_EQ(other.validation, usual.validation) << name;
    EXPECT_NE(other.training, usual.training) << name;
    EXPECT_NE(other.training, split_images(*source, 100, 8, 3, 2).training) << name;
    const ImageSplit smaller = split_images(*source, 10, 8, 3, 1);
    EXPECT_TRUE(
        std::equal(smaller.training.begin(), smaller.training.end(), other.training.begin()))
        << "subsets are nested";
    for (const std::int64_t index : other.training) {
      EXPECT_EQ(std::count(other.validation.begin(), other.validation.end(), index), 0);
    }
  }
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
