// PNG through libpng itself: OpenCV passes over the transparent colour of pictures without an alpha
// channel.

#include <algorithm>
#include <csetjmp>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

#include <png.h>

#include "experiments/torch/images/image_decoding.h"

namespace epochal {
namespace {

class PngReader {
 public:
  PngReader(std::span<const std::byte> bytes, const ImageHeader& header)
      : rest_(bytes), largest_(largest_allocation(bytes.size(), header.width)) {
    png_ = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, this, fail, ignore, this, allocate,
                                    release);
    if (png_ == nullptr) throw std::bad_alloc();
    attempt([this] { info_ = png_create_info_struct(png_); });
    png_set_read_fn(png_, this, take);
  }

  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  cv::Mat read(const ImageHeader& header) {
    attempt([this] { start(); });
    check_same_size(header, png_get_image_width(png_, info_), png_get_image_height(png_, info_));
    cv::Mat image(static_cast<int>(png_get_image_height(png_, info_)),
                  static_cast<int>(png_get_image_width(png_, info_)),
                  CV_8UC(png_get_channels(png_, info_)));
    std::vector<png_bytep> rows;
    for (int y = 0; y < image.rows; ++y) rows.push_back(image.ptr(y));
    attempt([&] {
      png_read_image(png_, rows.data());
      png_read_end(png_, nullptr);
    });
    return image;
  }

 private:
  static PngReader& reader_of(png_structp png) {
    return *static_cast<PngReader*>(png_get_error_ptr(png));
  }

  /// libpng must not return from an error: back to attempt(), past its own frames alone.
  [[noreturn]] static void fail(png_structp png, png_const_charp message) {
    PngReader& reader = reader_of(png);
    std::strncpy(reader.message_, message, sizeof reader.message_ - 1);
    std::longjmp(reader.jump_, 1);
  }

  /// libpng makes room for a chunk of whatever length it claims before it looks whether it is
  /// there. Needed are no more than a chunk that is, a row of four channels of 16 bits, and zlib's
  /// tables.
  static std::uint64_t largest_allocation(std::size_t file_size, std::uint64_t width) {
    constexpr std::uint64_t kTables = 1 << 20;
    constexpr std::uint64_t kLargestPixel = 8;
    return kTables + std::max<std::uint64_t>(file_size, kLargestPixel * width);
  }

  static png_voidp allocate(png_structp png, png_alloc_size_t size) {
    PngReader& reader = *static_cast<PngReader*>(png_get_mem_ptr(png));
    if (size > reader.largest_) return nullptr;
    void* const memory = std::malloc(size);
    reader.is_out_of_memory_ = reader.is_out_of_memory_ || memory == nullptr;
    return memory;
  }

  static void release(png_structp, png_voidp memory) { std::free(memory); }

  /// Of what changes no pixel, such as a damaged text.
  static void ignore(png_structp, png_const_charp) {}

  static void take(png_structp png, png_bytep target, std::size_t length) {
    PngReader& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (length > reader.rest_.size()) {
      reader.is_cut_ = true;
      png_error(png, "cut short");
    }
    std::memcpy(target, reader.rest_.data(), length);
    reader.rest_ = reader.rest_.subspan(length);
  }

  /// Runs calls of libpng. They may leave `step` by a jump: it must hold nothing to be destroyed.
  template <typename Step>
  void attempt(const Step& step) {
    if (setjmp(jump_) == 0) {
      step();
    } else if (is_out_of_memory_) {
      throw std::bad_alloc();
    } else if (is_cut_) {
      throw cut_short();
    } else {
      throw UndecodableImage(message_);
    }
  }

  void start() {
    png_read_info(png_, info_);
    png_set_expand(png_);  // palettes, few bits, a transparent colour: 8 bits, with alpha if needed
    png_set_scale_16(png_);
    png_set_gray_to_rgb(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  }

  std::span<const std::byte> rest_;
  std::uint64_t largest_;  ///< piece of memory that libpng gets
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf jump_{};
  char message_[200]{};
  bool is_cut_ = false;
  bool is_out_of_memory_ = false;
};

}  // namespace

cv::Mat decode_png(std::span<const std::byte> bytes, const ImageHeader& header) {
  return PngReader(bytes, header).read(header);
}

}  // namespace epochal
