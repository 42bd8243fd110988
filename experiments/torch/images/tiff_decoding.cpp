// TIFF through libtiff itself, which stops at damaged data if it is asked to.

#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include <tiffio.h>

#include "experiments/torch/images/image_decoding.h"

namespace epochal {
namespace {

/// A file in memory, as libtiff wants to see it, and what libtiff said last of what is wrong.
struct TiffBytes {
  std::span<const std::byte> bytes;
  std::uint64_t position = 0;
  bool is_cut = false;
  std::string complaint;
};

TiffBytes& bytes_of(thandle_t handle) {
  return *static_cast<TiffBytes*>(handle);
}

tmsize_t read_some(thandle_t handle, void* target, tmsize_t length) {
  TiffBytes& file = bytes_of(handle);
  const std::uint64_t size = file.bytes.size();
  const std::uint64_t start = std::min(file.position, size);
  const std::uint64_t count = std::min(static_cast<std::uint64_t>(length), size - start);
  if (count < static_cast<std::uint64_t>(length)) file.is_cut = true;
  std::memcpy(target, file.bytes.data() + start, count);
  file.position = start + count;
  return static_cast<tmsize_t>(count);
}

tmsize_t refuse_to_write(thandle_t, void*, tmsize_t) {
  return -1;
}

toff_t seek(thandle_t handle, toff_t offset, int from) {
  TiffBytes& file = bytes_of(handle);
  if (from == SEEK_CUR) offset += file.position;
  if (from == SEEK_END) offset += file.bytes.size();
  file.position = offset;
  return offset;
}

int close_nothing(thandle_t) {
  return 0;
}

toff_t size_of(thandle_t handle) {
  return bytes_of(handle).bytes.size();
}

/// The bytes lie in memory already.
int map_bytes(thandle_t handle, void** base, toff_t* size) {
  const TiffBytes& file = bytes_of(handle);
  *base = const_cast<std::byte*>(file.bytes.data());  // libtiff only reads it
  *size = file.bytes.size();
  return 1;
}

void unmap_nothing(thandle_t, void*, toff_t) {}

int keep_complaint(TIFF*, void* file, const char*, const char* format, std::va_list values) {
  char text[300];
  std::vsnprintf(text, sizeof text, format, values);
  static_cast<TiffBytes*>(file)->complaint = text;
  return 1;
}

/// Warnings are of tags that nothing here needs, but for those of the JPEG inside.
int weigh_warning(TIFF* tiff, void* file, const char* module, const char* format,
                  std::va_list values) {
  if (module != nullptr && std::string_view(module) == "JPEGLib") {
    keep_complaint(tiff, file, module, format, values);
  }
  return 1;
}

using TiffHandle = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

TiffHandle open_tiff(TiffBytes& file) {
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(
      TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
  // A small file may claim strips and tiles of any size.
  constexpr tmsize_t kMostBytes = 1 << 30;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMostBytes);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_complaint, &file);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), weigh_warning, &file);
  return TiffHandle(
      TIFFClientOpenExt("", "r", &file, read_some, refuse_to_write, seek, close_nothing, size_of,
                        map_bytes, unmap_nothing, options.get()),
      TIFFClose);
}

std::uint32_t tag(TIFF* tiff, std::uint32_t name, std::uint16_t fallback) {
  std::uint16_t value = fallback;
  TIFFGetFieldDefaulted(tiff, name, &value);
  return value;
}

enum class Alpha { none, premultiplied, straight };

Alpha alpha_of(TIFF* tiff) {
  std::uint16_t count = 0;
  std::uint16_t* kinds = nullptr;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds);
  if (count == 0) return Alpha::none;
  if (kinds[0] == EXTRASAMPLE_ASSOCALPHA) return Alpha::premultiplied;
  return kinds[0] == EXTRASAMPLE_UNASSALPHA ? Alpha::straight : Alpha::none;
}

/// Grey with alpha, pixel by pixel: libtiff's own conversion does not multiply it, and has no alpha
/// of 16 bits.
bool is_grey_with_alpha(TIFF* tiff) {
  const std::uint32_t photometric = tag(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  const std::uint32_t bits = tag(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  return (photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE) &&
         alpha_of(tiff) != Alpha::none && (bits == 8 || bits == 16) &&
         tag(tiff, TIFFTAG_SAMPLESPERPIXEL, 1) == 2 &&
         tag(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_CONTIG;
}

/// One row of grey with alpha in the picture, from `x` on.
struct GreyRow {
  const unsigned char* samples;
  int x;
  int y;
  int pixels;
};

/// Turns rows of grey with alpha into RGBA whose colours are multiplied by alpha.
class GreyRows {
 public:
  explicit GreyRows(TIFF* tiff)
      : is_deep_(tag(tiff, TIFFTAG_BITSPERSAMPLE, 8) == 16),
        is_inverted_(tag(tiff, TIFFTAG_PHOTOMETRIC, 0) == PHOTOMETRIC_MINISWHITE),
        is_straight_(alpha_of(tiff) == Alpha::straight) {}

  int bytes_of_pixel() const { return is_deep_ ? 4 : 2; }

  void put(const GreyRow& row, cv::Mat& rgba) const {
    for (int i = 0; i < row.pixels; ++i) {
      const int alpha = sample(row.samples, 2 * i + 1);
      const int stored = sample(row.samples, 2 * i);
      const int grey = is_inverted_ ? 255 - stored : stored;
      const auto multiplied =
          static_cast<unsigned char>(is_straight_ ? (grey * alpha + 127) / 255 : grey);
      rgba.at<cv::Vec4b>(row.y, row.x + i) = {multiplied, multiplied, multiplied,
                                              static_cast<unsigned char>(alpha)};
    }
  }

 private:
  int sample(const unsigned char* samples, int index) const {
    if (!is_deep_) return samples[index];
    std::uint16_t value = 0;
    std::memcpy(&value, samples + std::ptrdiff_t{2} * index, sizeof value);
    return (value + 128) / 257;
  }

  bool is_deep_;
  bool is_inverted_;
  bool is_straight_;
};

bool read_grey_lines(TIFF* tiff, const GreyRows& rows, cv::Mat& rgba) {
  std::vector<unsigned char> line(static_cast<std::size_t>(TIFFScanlineSize(tiff)));
  if (line.size() <
      static_cast<std::size_t>(rgba.cols) * static_cast<std::size_t>(rows.bytes_of_pixel()))
    return false;
  for (int y = 0; y < rgba.rows; ++y) {
    if (TIFFReadScanline(tiff, line.data(), static_cast<std::uint32_t>(y), 0) < 0) return false;
    rows.put({line.data(), 0, y, rgba.cols}, rgba);
  }
  return true;
}

bool read_grey_tiles(TIFF* tiff, const GreyRows& rows, cv::Mat& rgba) {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
  TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
  const std::uint64_t row_bytes =
      std::uint64_t{width} * static_cast<unsigned>(rows.bytes_of_pixel());
  const auto tile_bytes = static_cast<std::uint64_t>(TIFFTileSize(tiff));
  constexpr std::uint64_t kMostBytes = 1 << 30;
  if (row_bytes == 0 || height == 0 || tile_bytes > kMostBytes || tile_bytes < row_bytes * height) {
    return false;
  }
  std::vector<unsigned char> tile(tile_bytes);
  const auto across = static_cast<int>(width);
  const auto down = static_cast<int>(height);
  for (int top = 0; top < rgba.rows; top += down) {
    for (int left = 0; left < rgba.cols; left += across) {
      if (TIFFReadTile(tiff, tile.data(), static_cast<std::uint32_t>(left),
                       static_cast<std::uint32_t>(top), 0, 0) < 0) {
        return false;
      }
      const int pixels = std::min(across, rgba.cols - left);
      for (int y = 0; y < std::min(down, rgba.rows - top); ++y) {
        rows.put({&tile[static_cast<std::size_t>(y) * row_bytes], left, top + y, pixels}, rgba);
      }
    }
  }
  return true;
}

bool read_grey_with_alpha(TIFF* tiff, cv::Mat& rgba) {
  const GreyRows rows(tiff);
  return TIFFIsTiled(tiff) != 0 ? read_grey_tiles(tiff, rows, rgba)
                                : read_grey_lines(tiff, rows, rgba);
}

bool read_colours(TIFF* tiff, cv::Mat& rgba) {
  // The orientation is others' matter, and libtiff's own does not turn.
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  constexpr int kStopAtDamage = 1;
  if (TIFFReadRGBAImageOriented(
          tiff, static_cast<std::uint32_t>(rgba.cols), static_cast<std::uint32_t>(rgba.rows),
          reinterpret_cast<std::uint32_t*>(rgba.data), ORIENTATION_TOPLEFT, kStopAtDamage) == 0) {
    return false;
  }
  const bool is_opaque = alpha_of(tiff) == Alpha::none;
  for (int y = 0; y < rgba.rows; ++y) {
    for (int x = 0; x < rgba.cols; ++x) {
      // In place: libtiff gives numbers, whose bytes lie in the processor's order.
      auto& pixel = rgba.at<cv::Vec4b>(y, x);
      std::uint32_t number = 0;
      std::memcpy(&number, pixel.val, sizeof number);
      pixel = {static_cast<unsigned char>(TIFFGetR(number)),
               static_cast<unsigned char>(TIFFGetG(number)),
               static_cast<unsigned char>(TIFFGetB(number)),
               static_cast<unsigned char>(is_opaque ? 255 : TIFFGetA(number))};
    }
  }
  return true;
}

}  // namespace

cv::Mat decode_tiff(std::span<const std::byte> bytes, const ImageHeader& header) {
  TiffBytes file{bytes, 0, false, {}};
  const TiffHandle tiff = open_tiff(file);
  const auto refuse = [&]() -> UndecodableImage {
    return file.is_cut || file.complaint.empty() ? cut_short() : UndecodableImage(file.complaint);
  };
  if (!tiff) throw refuse();
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
  check_same_size(header, width, height);
  file.complaint.clear();  // those of the directory are of tags that nothing here needs
  cv::Mat rgba(static_cast<int>(height), static_cast<int>(width), CV_8UC4);
  const bool is_read = is_grey_with_alpha(tiff.get()) ? read_grey_with_alpha(tiff.get(), rgba)
                                                      : read_colours(tiff.get(), rgba);
  if (!is_read || !file.complaint.empty()) throw refuse();
  return rgba;
}

}  // namespace epochal
