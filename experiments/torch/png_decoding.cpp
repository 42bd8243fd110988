// PNG through libpng itself: OpenCV passes over the transparent colour of pictures without an alpha
// channel.

#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

#include <png.h>

#include "experiments/torch/image_decoding.h"

namespace epochal {
namespace {

class PngReader {
 public:
  explicit PngReader(std::span<const std::byte> bytes) : rest_(bytes) {
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

  static png_voidp allocate(png_structp png, png_alloc_size_t size) {
    void* const memory = std::malloc(size);
    if (memory == nullptr) {
      static_cast<PngReader*>(png_get_mem_ptr(png))->is_out_of_memory_ = true;
    }
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
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf jump_{};
  char message_[200]{};
  bool is_cut_ = false;
  bool is_out_of_memory_ = false;
};

}  // namespace

cv::Mat decode_png(std::span<const std::byte> bytes, const ImageHeader& header) {
  return PngReader(bytes).read(header);
}

}  // namespace epochal
