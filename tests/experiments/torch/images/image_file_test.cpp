#include "experiments/torch/images/image_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "experiments/torch/images/generated/generated_images.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

double mean_difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

/// Of this process, in bytes.
rlim_t address_space() {
  rlim_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
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
  EXPECT_EQ(mean_difference(read_image(folder / "x.png"), image), 0);
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

/// Pictures that Pillow wrote, and what Pillow reads from them.
TEST(ImageFile, ReadsWhatAnIndependentReaderReads) {
  const test::TemporaryFolder folder;
  const std::filesystem::path images = folder / "images";
  const std::string script = EPOCHAL_SOURCE_FOLDER "/tests/experiments/torch/make_images.py";
  const std::string command = "/usr/bin/python3 " + script + " " + images.string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(images)) {
    if (!entry.is_regular_file()) continue;
    const cv::Mat found = read_image(entry.path());
    const cv::Mat expected =
        read_image(images / "expected" / (entry.path().filename().string() + ".png"));
    ASSERT_EQ(found.size(), expected.size()) << entry.path();
    // Decoders of JPEG may round differently, and CMYK is turned to RGB by a rule of thumb.
    const bool is_exact = entry.path().extension() != ".jpg";
    EXPECT_LE(mean_difference(found, expected), is_exact ? 0 : 1.5) << entry.path();
    ++count;
  }
  EXPECT_GE(count, 72);
}

TEST(ImageFile, ReadsALargeJpegAtAPartOfItsSize) {
  const test::TemporaryFolder folder;
  cv::Mat bgr = generate_image(GeneratorKind::scenes, 3, 512);
  cv::imwrite((folder / "x.jpg").string(), bgr);
  for (const int side : {300, 256, 100, 50}) {
    const cv::Mat scaled = read_image_scaled(folder / "x.jpg", side);
    EXPECT_EQ(scaled.size(), cv::Size(side, side));
    const cv::Mat whole = resize_shorter_side(read_image(folder / "x.jpg"), side);
    EXPECT_LT(mean_difference(scaled, whole), 2.5) << side;
  }
}

TEST(ImageFile, RefusesWhatClaimsToBeTooLargeBeforeDecodingIt) {
  const test::TemporaryFolder folder;
  cv::imwrite((folder / "bomb.png").string(), cv::Mat(8, 8, CV_8UC3, cv::Scalar(1, 2, 3)));
  std::string bytes = test::read_file(folder / "bomb.png");
  bytes.replace(16, 8, std::string("\0\1\0\0\0\1\0\0", 8));  // 65536 x 65536
  test::write_file(folder / "bomb.png", bytes);
  expect_error("bomb.png: the image claims to have 65536 x 65536 pixels, more than 100 million",
               [&] { read_image(folder / "bomb.png"); });
}

/// Little-endian, of one strip of 10 x 10 grey pixels; the first tags of the size claim another.
std::string tiff_of_two_sizes() {
  const auto number = [](unsigned value, int length) {
    std::string bytes;
    for (int i = 0; i < length; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
    return bytes;
  };
  const std::vector<std::pair<unsigned, unsigned>> tags{
      {256, 60000}, {256, 10}, {257, 60000}, {257, 10}, {258, 8},  {259, 1},
      {262, 1},     {273, 8},  {277, 1},     {278, 10}, {279, 100}};
  std::string file = "II*" + std::string(1, '\0') + number(108, 4) + std::string(100, 'x');
  file += number(static_cast<unsigned>(tags.size()), 2);
  for (const auto& [tag, value] : tags) {
    file += number(tag, 2) + number(4, 2) + number(1, 4) + number(value, 4);
  }
  return file + number(0, 4);
}

/// libjpeg passes over the bytes FF 00 before a marker; a reader that takes them for a segment
/// passes over the frame behind them.
std::string jpeg_of_two_sizes() {
  std::vector<unsigned char> small;
  cv::imencode(".jpg", cv::Mat(16, 16, CV_8UC3, cv::Scalar(1, 2, 3)), small);
  std::vector<unsigned char> large = small;
  const std::string frame = "\xff\xc0";
  const auto size_of_frame =
      std::search(large.begin(), large.end(), frame.begin(), frame.end(),
                  [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); });
  std::fill_n(size_of_frame + 5, 4, 0xf0);
  const std::size_t hidden = large.size() - 2;
  std::string file("\xff\xd8\xff\x00", 4);
  file += static_cast<char>(hidden >> 8);
  file += static_cast<char>(hidden & 0xff);
  file.append(large.begin() + 2, large.end());
  file.append(small.begin() + 2, small.end());
  return file;
}

TEST(ImageFile, RefusesToDecodeAnotherSizeThanTheOneThatWasChecked) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "two.tif", tiff_of_two_sizes());
  test::write_file(folder / "two.jpg", jpeg_of_two_sizes());
  for (const char* name : {"two.tif", "two.jpg"}) {
    expect_error(std::string(name) + ": the image ", [&] { read_image(folder / name); });
  }
}

/// A picture with detail in every block, encoded.
std::string encoded(const std::string& extension, const std::vector<int>& options = {}) {
  std::vector<unsigned char> bytes;
  cv::imencode(extension, generate_image(GeneratorKind::paintings, 5, 96), bytes, options);
  return {bytes.begin(), bytes.end()};
}

/// Where each scan of a JPEG begins.
std::vector<std::size_t> scans_of(const std::string& jpeg) {
  std::vector<std::size_t> starts;
  for (std::size_t at = jpeg.find("\xff\xda"); at != std::string::npos;
       at = jpeg.find("\xff\xda", at + 2)) {
    starts.push_back(at);
  }
  return starts;
}

bool is_marker(const std::string& jpeg, std::size_t at) {
  return jpeg[at] == '\xff' && jpeg[at + 1] != '\0';
}

class JpegDamage : public testing::Test {
 protected:
  cv::Mat read(const std::string& bytes) const {
    test::write_file(folder_ / "x.jpg", bytes);
    return read_image(folder_ / "x.jpg");
  }

  void expect_refused(const std::string& bytes, const std::string& what) const {
    SCOPED_TRACE(what);
    expect_error("x.jpg: the image cannot be decoded: ", [&] { read(bytes); });
    expect_error("x.jpg: the image cannot be decoded: ",
                 [&] { read_image_scaled(folder_ / "x.jpg", 32); });
  }

  const test::TemporaryFolder folder_;
  const std::string baseline_ = encoded(".jpg");
  const std::string restarts_ = encoded(".jpg", {cv::IMWRITE_JPEG_RST_INTERVAL, 2});
  const std::string progressive_ = encoded(".jpg", {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
};

TEST_F(JpegDamage, OnlyTheEndMarkerMayBeMissing) {
  for (const std::string& whole : {baseline_, restarts_, progressive_}) {
    const cv::Mat expected = read(whole);
    for (const std::size_t missing : {1, 2}) {
      const cv::Mat found = read(whole.substr(0, whole.size() - missing));
      ASSERT_EQ(found.size(), expected.size());
      EXPECT_EQ(cv::norm(found, expected, cv::NORM_INF), 0);
    }
    EXPECT_EQ(mean_difference(read(whole + "and a trailer"), expected), 0);
  }
}

TEST_F(JpegDamage, CutAnywhereInItsDataIsRefused) {
  for (const std::string& whole : {baseline_, restarts_, progressive_}) {
    const std::size_t first = scans_of(whole).front();
    for (std::size_t length = first; length + 3 < whole.size(); length += 1 + whole.size() / 50) {
      expect_refused(whole.substr(0, length), "cut to " + std::to_string(length));
      // Between two scans it is a whole picture of fewer scans, as some programs write them.
      if (is_marker(whole, length) || is_marker(whole, length - 1)) continue;
      expect_refused(whole.substr(0, length) + "\xff\xd9", "ended at " + std::to_string(length));
    }
  }
}

TEST_F(JpegDamage, MissingScansAreRefused) {
  const std::vector<std::size_t> scans = scans_of(progressive_);
  ASSERT_GT(scans.size(), 3U);
  for (std::size_t i = 1; i < scans.size(); ++i) {
    // What comes before a scan are its tables.
    const std::size_t tables = progressive_.rfind("\xff\xc4", scans[i]);
    const std::size_t end = tables > scans[i - 1] ? tables : scans[i];
    expect_refused(progressive_.substr(0, end), "scans: " + std::to_string(i));
  }
}

TEST_F(JpegDamage, OverwrittenDataIsRefused) {
  for (const std::string& whole : {baseline_, progressive_}) {
    const std::size_t middle = (scans_of(whole).front() + whole.size()) / 2;
    const std::size_t half = whole.size() - middle;
    expect_refused(whole.substr(0, middle) + std::string(half, '\0'), "zeros to the end");
    std::string changed = whole;
    for (std::size_t i = 0; i < half / 2; ++i) changed[middle + i] = static_cast<char>(i * 89 + 7);
    expect_refused(changed, "other bytes");
  }
}

TEST_F(JpegDamage, AThousandScansAreRefused) {
  // The first scan, with tables before it, may come again and again.
  const std::vector<std::size_t> scans = scans_of(progressive_);
  const std::size_t end = progressive_.rfind("\xff\xc4", scans[1]);
  ASSERT_GT(end, scans[0]);
  std::string many = progressive_.substr(0, end);
  for (int i = 0; i < 1000; ++i) many += progressive_.substr(scans[0], end - scans[0]);
  many += progressive_.substr(end);
  expect_error("x.jpg: the image cannot be decoded: it has more than 500 scans",
               [&] { read(many); });
}

TEST_F(JpegDamage, PaddingBeforeTheEndIsNone) {
  const std::string padded = baseline_.substr(0, baseline_.size() - 2) + std::string(12, '\0');
  EXPECT_EQ(mean_difference(read(padded + "\xff\xd9"), read(baseline_)), 0);
}

TEST(ImageFile, EveryFormatCutShortIsRefused) {
  const test::TemporaryFolder folder;
  for (const std::string extension : {".png", ".webp", ".tif", ".bmp"}) {
    const std::string whole = encoded(extension);
    test::write_file(folder / "x", whole);
    EXPECT_NO_THROW(read_image(folder / "x")) << extension;
    for (std::size_t length = 1; length < whole.size(); length += 1 + whole.size() / 50) {
      test::write_file(folder / "x", whole.substr(0, length));
      EXPECT_THROW(read_image(folder / "x"), Error) << extension << " cut to " << length;
    }
    test::write_file(folder / "x", whole.substr(0, whole.size() - 1));
    EXPECT_THROW(read_image(folder / "x"), Error) << extension << " without its last byte";
  }
}

TEST(ImageFile, TakesNoPngsWordForHowLongAChunkIs) {
  std::vector<std::byte> png = encode_png(cv::Mat(40, 40, CV_8UC3, cv::Scalar(1, 2, 3)));
  constexpr std::size_t kBehindTheHeader = 33;
  const std::string chunk = std::string("\x7f\xff\xff\xff", 4) + "eXIf" + "MM";  // of 2 GiB
  std::string text(reinterpret_cast<const char*>(png.data()), png.size());
  text.insert(kBehindTheHeader, chunk);
  const test::TemporaryFolder folder;
  test::write_file(folder / "x.png", text);

  // Where there is no such memory, as on a small machine, the picture alone is to blame.
  rlimit before{};
  getrlimit(RLIMIT_AS, &before);
  const rlimit little{std::min<rlim_t>(before.rlim_max, address_space() + (1 << 30)),
                      before.rlim_max};
  setrlimit(RLIMIT_AS, &little);
  expect_error("the image cannot be decoded", [&] { read_image(folder / "x.png"); });
  setrlimit(RLIMIT_AS, &before);
}

TEST(ImageFile, RefusesALineBeforeDecodingIt) {
  const test::TemporaryFolder folder;
  cv::imwrite((folder / "line.png").string(), cv::Mat(1, 8000, CV_8UC3, cv::Scalar(1, 2, 3)));
  for (const auto& read :
       {+[](const std::filesystem::path& file) { return read_image(file); },
        +[](const std::filesystem::path& file) { return read_image_scaled(file, 512); }}) {
    expect_error(
        "line.png: the image has 8000 x 1 pixels: one side is more than 64 times the other",
        [&] { read(folder / "line.png"); });
  }
}

TEST(ImageFile, ScalesTheCentreOfAnElongatedPicture) {
  const test::TemporaryFolder folder;
  cv::Mat strip(10, 400, CV_8UC3, cv::Scalar(0, 0, 0));
  strip(cv::Rect(160, 0, 80, 10)) = cv::Scalar(255, 255, 255);
  cv::imwrite((folder / "wide.png").string(), strip);
  cv::imwrite((folder / "tall.png").string(), strip.t());
  EXPECT_EQ(read_image(folder / "wide.png").size(), cv::Size(400, 10));
  const cv::Mat wide = read_image_scaled(folder / "wide.png", 20);
  EXPECT_EQ(wide.size(), cv::Size(160, 20));
  EXPECT_EQ(cv::mean(wide), cv::Scalar(255, 255, 255));
  EXPECT_EQ(read_image_scaled(folder / "tall.png", 20).size(), cv::Size(20, 160));
  // Eight by one is kept whole.
  cv::imwrite((folder / "panorama.png").string(), cv::Mat(10, 80, CV_8UC3, cv::Scalar(1, 2, 3)));
  EXPECT_EQ(read_image_scaled(folder / "panorama.png", 20).size(), cv::Size(160, 20));
}

TEST(ImageFile, SaysWhatScalingWouldTakeTooMuch) {
  expect_error("an image of 500 x 10 pixels would become 200000 x 4000, more than 100 million",
               [] { resize_shorter_side(cv::Mat(10, 500, CV_8UC3), 4000); });
}

TEST(ImageFile, RefusesWhatIsCutShortOrNoImage) {
  const test::TemporaryFolder folder;
  cv::imwrite((folder / "x.png").string(), cv::Mat(60, 60, CV_8UC3, cv::Scalar(1, 2, 3)));
  const std::string bytes = test::read_file(folder / "x.png");
  test::write_file(folder / "cut.png", bytes.substr(0, 30));
  expect_error("cut.png: the image cannot be decoded: its data is cut short",
               [&] { read_image(folder / "cut.png"); });
  test::write_file(folder / "text.jpg", "no image at all");
  expect_error("text.jpg: the image cannot be decoded: it is not a JPEG",
               [&] { read_image(folder / "text.jpg"); });
  expect_error("No such file", [&] { read_image(folder / "none.jpg"); });
}

}  // namespace
}  // namespace epochal
