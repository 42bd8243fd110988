// The formats whose decoders stop at damaged data by themselves: WebP and BMP through OpenCV.

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "experiments/torch/images/image_decoding.h"

namespace epochal {
namespace {

cv::Mat decoded(std::span<const std::byte> bytes, const ImageHeader& header, int flags) {
  // OpenCV only reads it.
  auto* data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes.data()));
  const cv::Mat file(1, static_cast<int>(bytes.size()), CV_8UC1, data);
  cv::Mat image;
  try {
    image = cv::imdecode(file, flags);
  } catch (const cv::Exception& error) {
    if (error.code == cv::Error::StsNoMem) throw;
    image.release();
  }
  if (image.empty()) throw UndecodableImage("its data is damaged or cut short");
  check_same_size(header, static_cast<std::uint64_t>(image.cols),
                  static_cast<std::uint64_t>(image.rows));
  cv::Mat rgb;
  cv::cvtColor(image, rgb, image.channels() == 4 ? cv::COLOR_BGRA2RGBA : cv::COLOR_BGR2RGB);
  return rgb;
}

}  // namespace

UndecodableImage cut_short() {
  return UndecodableImage("its data is cut short");
}

void check_same_size(const ImageHeader& header, std::uint64_t width, std::uint64_t height) {
  if (width != header.width || height != header.height) {
    throw UndecodableImage("it claims to have two different sizes");
  }
}

cv::Mat decode_webp(std::span<const std::byte> bytes, const ImageHeader& header) {
  return decoded(bytes, header, cv::IMREAD_UNCHANGED);
}

cv::Mat decode_bmp(std::span<const std::byte> bytes, const ImageHeader& header) {
  return decoded(bytes, header, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
}

}  // namespace epochal
