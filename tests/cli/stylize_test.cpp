// `epochal adain stylize` as a user types it, mostly with the pair of networks that ships.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <set>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// A picture that no other is like: waves of three colours.
cv::Mat waves(cv::Size size, double phase) {
  cv::Mat rgb(size, CV_8UC3);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const double value = std::sin(0.11 * x * (1 + phase) + 0.17 * y + 1.1 * c + phase);
        rgb.at<cv::Vec3b>(y, x)[c] = static_cast<unsigned char>(127 + 127 * value);
      }
    }
  }
  return rgb;
}

class Stylize : public ProgramTest {
 protected:
  Stylize() {
    paint("photo.png", {64, 48}, 0);
    paint("a.png", {48, 48}, 1);
    paint("b.png", {40, 56}, 2);
  }

  void paint(const std::string& name, cv::Size size, double phase) {
    fs::create_directories((program_ / name).parent_path());
    cv::imwrite((program_ / name).string(), waves(size, phase));
  }

  cv::Mat picture(const std::string& name) {
    return cv::imread((program_ / name).string(), cv::IMREAD_COLOR);
  }

  /// Words behind those that name a content and a style.
  static Words with(Words more) {
    more.insert(more.begin(), {"--content", "photo.png", "--style", "a.png"});
    return more;
  }

  /// With small pictures, unless the words say their size.
  Finished stylize(Words words) {
    words.insert(words.begin(), {"adain", "stylize"});
    if (std::find(words.begin(), words.end(), "--size") == words.end()) {
      words.insert(words.end(), {"--size", "48"});
    }
    return program_.run(words);
  }

  void succeeds(const Words& words) {
    const Finished done = stylize(words);
    EXPECT_EQ(done.exit_code, 0) << done.err;
  }

  void refused(const Words& words, const std::string& part) {
    const Finished done = stylize(words);
    expect_refusal(done, part);
    EXPECT_EQ(std::count(done.err.begin(), done.err.end(), '\n'), 1)
        << "one sentence: " << done.err;
  }

  std::set<std::string> files_in(const std::string& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(program_ / folder)) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }
};

TEST_F(Stylize, WorksWithNothingTrainedOrFetched) {
  const Finished done = stylize(with({"-o", "out.png"}));
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.out, "out.png\n");
  EXPECT_EQ(done.err, "");
  EXPECT_EQ(picture("out.png").size(), cv::Size(64, 48));

  succeeds(with({"-o", "named.png", "--decoder", "mini", "--encoder", "mini"}));
  EXPECT_EQ(read_file(program_ / "named.png"), read_file(program_ / "out.png"));
  const std::string file = EPOCHAL_SOURCE_FOLDER "/assets/decoder-mini.safetensors";
  succeeds(with({"-o", "file.png", "--decoder", file}));
  EXPECT_EQ(read_file(program_ / "file.png"), read_file(program_ / "out.png"));
  const Finished loss =
      program_.run({"adain", "loss", "--content", "photo.png", "--style", "a.png", "--size", "48"});
  EXPECT_EQ(loss.exit_code, 0) << loss.err;
  EXPECT_GT(nlohmann::json::parse(loss.out)["total"].get<double>(), 0);
}

TEST_F(Stylize, GivesBackTheSizeOfTheContent) {
  for (const cv::Size size : {cv::Size(39, 33), cv::Size(127, 71), cv::Size(8, 90)}) {
    paint("odd.png", size, 3);
    succeeds({"--content", "odd.png", "--style", "a.png", "--size", "0", "-o", "out.png"});
    EXPECT_EQ(picture("out.png").size(), size);
  }
  paint("odd.png", {39, 33}, 3);
  succeeds({"--content", "odd.png", "--style", "b.png", "--size", "50", "-o", "out.png"});
  EXPECT_EQ(picture("out.png").size(), cv::Size(59, 50));
}

TEST_F(Stylize, WritesTheFormatOfTheName) {
  const std::vector<std::pair<std::string, std::string>> formats{
      {"x.jpg", "\xFF\xD8\xFF"}, {"x.WEBP", "RIFF"}, {"x.tiff", "II*"}};
  for (const auto& [name, magic] : formats) {
    succeeds(with({"-o", name}));
    EXPECT_TRUE(read_file(program_ / name).starts_with(magic)) << name;
  }
}

TEST_F(Stylize, PairsFoldersAndTellsEqualNamesApart) {
  paint("in/one/x.jpg", {48, 48}, 4);
  paint("in/two/x.png", {48, 56}, 5);
  const Finished done = stylize({"--content", "in", "--content", "photo.png", "--style", "a.png",
                                 "--style", "b.png", "-o", "in/out/", "--sheet", "sheet.jpg"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(files_in("in/out"),
            (std::set<std::string>{"x--a.png", "x--b.png", "x-2--a.png", "x-2--b.png",
                                   "photo--a.png", "photo--b.png"}));
  EXPECT_EQ(picture("in/out/x-2--a.png").size(), cv::Size(48, 56));
  EXPECT_NE(read_file(program_ / "in/out/x--a.png"), read_file(program_ / "in/out/x--b.png"));
  const cv::Mat sheet = picture("sheet.jpg");
  EXPECT_NEAR(static_cast<double>(sheet.cols) / sheet.rows, 3.0 / 4.0, 0.02);

  succeeds({"--content", "in", "--style", "a.png", "-o", "in/out", "--format", "jpg"});
  EXPECT_TRUE(files_in("in/out").contains("x-2--a.jpg")) << "what it made is no content";
  EXPECT_FALSE(files_in("in/out").contains("x--a--a.jpg"));
}

TEST_F(Stylize, LeavesOutAndNamesWhatCannotBeRead) {
  paint("in/good.png", {48, 48}, 4);
  write_file(program_ / "in/bad.jpg", "this is no JPEG");
  const Finished done =
      stylize({"--content", "in", "--style", "a.png", "-o", "out", "--sheet", "sheet.png"});
  EXPECT_EQ(done.exit_code, 1);
  expect_in(done.err, "left out: in/bad.jpg: the image cannot be decoded");
  expect_in(done.err, "1 of 2 pictures were not made");
  EXPECT_EQ(files_in("out"), std::set<std::string>{"good--a.png"});
  EXPECT_TRUE(fs::exists(program_ / "sheet.png"));
}

TEST_F(Stylize, BlendsStylesByWeights) {
  succeeds(with({"--style", "b.png", "-o", "alone"}));
  succeeds(with({"--style", "b.png", "--weights", "3,0", "--weights", "1,2", "-o", "blends"}));
  EXPECT_EQ(files_in("blends"),
            (std::set<std::string>{"photo--a-3+b-0.png", "photo--a-1+b-2.png"}));
  EXPECT_EQ(read_file(program_ / "blends/photo--a-3+b-0.png"),
            read_file(program_ / "alone/photo--a.png"));
  EXPECT_NE(read_file(program_ / "blends/photo--a-1+b-2.png"),
            read_file(program_ / "alone/photo--b.png"));
}

TEST_F(Stylize, PutsStylesWhereTheMaskSays) {
  const cv::Mat white(20, 20, CV_8UC3, cv::Scalar::all(255));
  cv::Mat left = white.clone();
  left(cv::Rect(10, 0, 10, 20)).setTo(cv::Scalar::all(0));
  cv::imwrite((program_ / "white.png").string(), white);
  cv::imwrite((program_ / "left.png").string(), left);
  succeeds(with({"-o", "a-alone.png"}));
  const auto masked = [&](const std::string& mask, const std::string& file) {
    succeeds(with({"--style", "b.png", "--mask", mask, "-o", file}));
  };
  masked("white.png", "white-out.png");
  masked("left.png", "left-out.png");
  EXPECT_EQ(read_file(program_ / "white-out.png"), read_file(program_ / "a-alone.png"));
  EXPECT_NE(read_file(program_ / "left-out.png"), read_file(program_ / "a-alone.png"));
}

TEST_F(Stylize, MakesAPictureOfEachAlpha) {
  succeeds(with({"--style", "b.png", "--alpha", "0,0.5,1", "-o", "out"}));
  EXPECT_EQ(files_in("out").size(), 6u);
  EXPECT_EQ(read_file(program_ / "out/photo--a-alpha-0.png"),
            read_file(program_ / "out/photo--b-alpha-0.png"))
      << "without strength there is no style";
  EXPECT_NE(read_file(program_ / "out/photo--a-alpha-0.5.png"),
            read_file(program_ / "out/photo--a-alpha-1.png"));
}

TEST_F(Stylize, KeepsTheColoursOfTheContentIfAsked) {
  const auto with_means = [&](const std::string& name, const cv::Scalar& mean) {
    cv::Mat image = waves({96, 96}, 1);
    image.convertTo(image, CV_8UC3, 0.3);
    image += mean;
    cv::imwrite((program_ / name).string(), image);
  };
  with_means("blue.png", {150, 60, 20});
  with_means("red.png", {10, 40, 170});
  const Words pair{"--content", "blue.png", "--style", "red.png", "--size", "96", "-o"};
  const auto distance = [&](Words words, const std::string& file) {
    words.push_back(file);
    succeeds(words);
    return cv::norm(cv::mean(picture(file)) - cv::mean(picture("blue.png")));
  };
  const double taken = distance(pair, "taken.png");
  Words kept = pair;
  kept.insert(kept.begin(), "--preserve-color");
  EXPECT_LT(distance(kept, "kept.png"), 0.9 * taken);
}

TEST_F(Stylize, TakesGeneratedPicturesAndPutsTheSheetBesideThem) {
  succeeds({"--content", "generated:scenes:3", "photo.png", "--style", "generated:paintings:4",
            "--size", "64", "-o", "made", "--sheet", "made/all.png"});
  EXPECT_EQ(files_in("made"), (std::set<std::string>{"scenes-3--paintings-4.png",
                                                     "photo--paintings-4.png", "all.png"}));
  EXPECT_EQ(picture("made/scenes-3--paintings-4.png").size(), cv::Size(64, 64));
  refused({"--content", "generated:scens:3", "--style", "a.png", "-o", "x.png"},
          "no image generator 'generated:scens'");
  refused({"--content", "generated:scenes", "--style", "a.png", "-o", "x.png"},
          "'generated:scenes' needs the number of a picture");
}

TEST_F(Stylize, PicturesAndTheirSheetKeepOutOfEachOthersWay) {
  const std::string absolute = (program_ / "out.png").string();
  refused(with({"-o", "out.png", "--sheet", absolute}), "-o and --sheet name the same file");
  paint("in/x.jpg", {48, 48}, 4);
  refused({"--content", "in", "--style", "a.png", "-o", "in"},
          "images are read from this folder, so pictures cannot go there");
  refused(with({"-o", ""}), "-o is empty");
  succeeds(with({"-o", "x.JPEG", "--format", "jpg"}));
}

TEST_F(Stylize, OnlyASheetIsEnough) {
  succeeds(with({"--style", "b.png", "--weights", "1,1", "--sheet", "sheet.png"}));
  EXPECT_EQ(picture("sheet.png").rows, picture("sheet.png").cols);
}

TEST_F(Stylize, NeverOverwritesWhatItReads) {
  const std::string before = read_file(program_ / "photo.png");
  refused(with({"-o", "./photo.png"}), "photo.png: this would overwrite an input image");
  refused(with({"-o", "x.png", "--sheet", "a.png"}), "a.png: this would overwrite an input image");
  EXPECT_EQ(read_file(program_ / "photo.png"), before);
}

TEST_F(Stylize, RefusesInOneSentenceWhatItCannotDo) {
  refused(with({"-o", "x.gif"}), "x.gif: the extension of this name is not a known picture format");
  refused(with({"-o", "x"}), "use one of .png, .jpg");
  refused(with({"-o", "none/x.png"}), "there is no folder none");
  refused(with({"-o", "photo.png/x.png"}), "is not a folder");
  refused(with({}), "--output is missing");
  refused(with({"-o", "x.png", "--alpha", "x"}), "--alpha x is not a list of numbers");
  refused(with({"-o", "x.png", "--alpha", "nan"}), "--alpha nan is out of range");
  refused(with({"-o", "x.png", "--alpha", "2"}), "--alpha 2 is out of range");
  refused(with({"-o", "x.png", "--alpha", "0,,1"}), "is not a list of numbers");
  refused(with({"-o", "x.png", "--alpha", "0,1"}),
          "there are 2 pictures to write, but -o names one");
  refused(with({"-o", "x.png", "--weights", "1,2"}), "has 2 weights for 1 style;");
  refused(with({"-o", "x.png", "--weights", "0"}), "do not add up to a number above 0");
  refused(with({"-o", "x.png", "--weights=-1"}), "has a weight below 0");
  refused(with({"-o", "x.png", "--mask", "b.png"}), "there is 1 mask for 1 style;");
  refused(with({"-o", "out", "--style", "b.png", "--format", "gif"}), "--format gif is not known");
  refused(with({"-o", "x.png", "--size", "3"}), "--size 3 is out of range");
  refused(with({"-o", "x.png", "--size", "x"}), "see `epochal adain stylize --help`");
  refused(with({"-o", "x.png", "--nope"}), "see `epochal adain stylize --help`");
  refused(with({"-o", "x.png", "--run", "ab", "--decoder", "mini"}), "both name a decoder");
  refused({"--content", "none.png", "--style", "a.png", "-o", "x.png"},
          "none.png: the image cannot be read: No such file or directory");
  fs::create_directory(program_ / "empty");
  refused({"--content", "empty", "--style", "a.png", "-o", "x.png"}, "the folder has no images");
  paint("tiny.png", {5, 60}, 1);
  refused({"--content", "tiny.png", "--style", "a.png", "--size", "0", "-o", "x.png"},
          "tiny.png: the image is 5 x 60 pixels, but sides must be 8 to 16000");
  paint("line.png", {10, 600}, 1);
  refused({"--content", "line.png", "--style", "a.png", "--size", "512", "-o", "x.png"},
          "line.png: the image would be 512 x 30720 pixels with --size 512");
  EXPECT_FALSE(fs::exists(program_ / "x.png"));
}

TEST_F(Stylize, SaysWhichEncoderADecoderWants) {
  const fs::path weights = EPOCHAL_SOURCE_FOLDER "/../shared/data/weights";
  if (!fs::exists(weights)) GTEST_SKIP() << "the shared weights are not here";
  const std::string decoder = (weights / "decoder.pth").string();
  refused(with({"-o", "x.png", "--decoder", decoder}),
          "the shipped encoder is 1/2 as wide as the paper's, the decoder as wide as the paper's");
  succeeds(
      with({"-o", "x.png", "--decoder", decoder, "--encoder", (weights / "encoder.pth").string()}));
}

}  // namespace
}  // namespace epochal::test
