// JPEG through libjpeg itself: it decodes what is damaged as well as it can and says so in
// warnings, which nothing else passes on.

#include <algorithm>
#include <csetjmp>
#include <cstdio>  // before jpeglib.h, which takes FILE for granted
#include <new>

#include <jpeglib.h>
// Behind it, as it makes its codes with the macros of this one.
#include <jerror.h>

#include "experiments/torch/images/image_decoding.h"

namespace epochal {
namespace {

class JpegReader {
 public:
  JpegReader(std::span<const std::byte> bytes, int reduction)
      : bytes_(bytes), reduction_(static_cast<unsigned>(reduction)) {
    info_.err = jpeg_std_error(&manager_);
    manager_.error_exit = fail;
    manager_.emit_message = weigh;
    info_.client_data = this;
    attempt([this] { jpeg_create_decompress(&info_); });
    progress_.progress_monitor = bound_scans;
    info_.progress = &progress_;
  }

  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  cv::Mat read(const ImageHeader& header) {
    attempt([this] { read_header(); });
    check_same_size(header, info_.image_width, info_.image_height);
    attempt([this] { jpeg_start_decompress(&info_); });
    const bool is_cmyk = info_.output_components == 4;
    cv::Mat image(static_cast<int>(info_.output_height), static_cast<int>(info_.output_width),
                  is_cmyk ? CV_8UC4 : CV_8UC3);
    attempt([&] { read_rows(image); });
    if (lacks_scans()) throw cut_short();
    attempt([this] { jpeg_finish_decompress(&info_); });
    return is_cmyk ? rgb_of_inks(image) : image;
  }

 private:
  static JpegReader& reader_of(j_common_ptr info) {
    return *static_cast<JpegReader*>(info->client_data);
  }

  /// libjpeg must not return from an error: back to attempt(), past its own frames alone.
  [[noreturn]] static void fail(j_common_ptr info) {
    info->err->format_message(info, reader_of(info).message_);
    std::longjmp(reader_of(info).jump_, 1);
  }

  /// Warnings have a negative level. Those that mean a wrong picture are errors here.
  static void weigh(j_common_ptr info, int level) {
    if (level >= 0) return;
    JpegReader& reader = reader_of(info);
    switch (info->err->msg_code) {
      case JWRN_JPEG_EOF:
        // libjpeg goes on with an end marker of its own. Whether anything else is missing it says
        // when it comes to that.
        reader.has_end_ = false;
        break;
      case JWRN_EXTRANEOUS_DATA:
        if (!reader.is_padding(static_cast<std::size_t>(info->err->msg_parm.i[0]))) fail(info);
        break;
      case JWRN_HIT_MARKER:
      case JWRN_HUFF_BAD_CODE:
      case JWRN_ARITH_BAD_CODE:
      case JWRN_MUST_RESYNC:
        fail(info);
      default:
        break;  // oddities of the header, which change no pixel
    }
  }

  /// Each scan goes over the whole picture: a small file of thousands would take hours. Encoders
  /// make about ten.
  static void bound_scans(j_common_ptr info) {
    constexpr int kMost = 500;
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMost) return;
    JpegReader& reader = reader_of(info);
    std::snprintf(reader.message_, sizeof reader.message_, "it has more than %d scans", kMost);
    std::longjmp(reader.jump_, 1);
  }

  /// Runs calls of libjpeg. They may leave `step` by a jump: it must hold nothing to be destroyed.
  template <typename Step>
  void attempt(const Step& step) {
    if (setjmp(jump_) == 0) {
      step();
    } else if (manager_.msg_code == JERR_OUT_OF_MEMORY) {
      throw std::bad_alloc();
    } else if (!has_end_) {
      throw cut_short();
    } else {
      throw UndecodableImage(message_);
    }
  }

  void read_header() {
    // libjpeg only reads it; older versions say so less clearly.
    auto* data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes_.data()));
    jpeg_mem_src(&info_, data, static_cast<unsigned long>(bytes_.size()));
    jpeg_read_header(&info_, TRUE);
    info_.scale_num = 1;
    info_.scale_denom = reduction_;
    info_.out_color_space = info_.num_components == 4 ? JCS_CMYK : JCS_RGB;
  }

  void read_rows(cv::Mat& image) {
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = image.ptr(static_cast<int>(info_.output_scanline));
      jpeg_read_scanlines(&info_, &row, 1);
    }
  }

  /// Bytes between the data of a scan and the next marker: some cameras fill up with one value.
  /// Anything else, or much of it, is what was left over when damaged data was decoded to too few
  /// bits.
  bool is_padding(std::size_t count) const {
    if (info_.input_scan_number == 0) return true;  // between the segments of the header
    constexpr std::size_t kMost = 64;
    const auto* const first = reinterpret_cast<const JOCTET*>(bytes_.data());
    const JOCTET* const end = has_end_ ? info_.src->next_input_byte : first + bytes_.size();
    count = std::min(count, static_cast<std::size_t>(end - first));
    return count <= kMost &&
           std::all_of(end - count, end, [&](JOCTET byte) { return byte == *(end - count); });
  }

  /// Whether whole scans are missing, of which libjpeg says nothing: a component without any, or,
  /// where the file just ends, the last refinements of a progressive picture.
  bool lacks_scans() const {
    for (int c = 0; c < info_.num_components; ++c) {
      if (info_.comp_info[c].quant_table == nullptr) return true;
    }
    if (has_end_) return false;
    if (info_.arith_code) return true;  // an arithmetic coder cannot tell where its data ends
    if (!info_.progressive_mode) return false;
    for (int c = 0; c < info_.num_components; ++c) {
      const auto& missing_bits = info_.coef_bits[c];
      if (std::any_of(missing_bits, missing_bits + DCTSIZE2, [](int b) { return b != 0; })) {
        return true;
      }
    }
    return false;
  }

  /// Adobe's inks, which are stored inverted, to RGB by the rule of thumb that OpenCV has too.
  static cv::Mat rgb_of_inks(const cv::Mat& cmyk) {
    cv::Mat rgb(cmyk.size(), CV_8UC3);
    for (int y = 0; y < cmyk.rows; ++y) {
      for (int x = 0; x < cmyk.cols; ++x) {
        const auto& inks = cmyk.at<cv::Vec4b>(y, x);
        const int black = inks[3];
        for (int c = 0; c < 3; ++c) {
          rgb.at<cv::Vec3b>(y, x)[c] =
              static_cast<unsigned char>(black - ((255 - inks[c]) * black >> 8));
        }
      }
    }
    return rgb;
  }

  std::span<const std::byte> bytes_;
  unsigned reduction_;
  jpeg_decompress_struct info_{};
  jpeg_error_mgr manager_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf jump_{};
  char message_[JMSG_LENGTH_MAX]{};
  bool has_end_ = true;
};

}  // namespace

cv::Mat decode_jpeg(std::span<const std::byte> bytes, const ImageHeader& header, int reduction) {
  return JpegReader(bytes, reduction).read(header);
}

}  // namespace epochal
