// Formats and sizes of image files from their first bytes, so that what claims to be too large is
// never decoded. Offsets are those of the formats' specifications: ITU T.81 annex B (JPEG), ISO
// 15948 (PNG), RFC 9649 (WebP), Microsoft's BITMAPINFOHEADER (BMP), TIFF 6.0.

#include "experiments/torch/images/image_header.h"

#include <string_view>

#include "experiments/torch/byte_fields.h"

namespace epochal {
namespace {

using Header = std::optional<ImageHeader>;
using Number = std::optional<std::uint64_t>;

Header header_of(ImageFormat format, Number width, Number height) {
  if (!width || !height || *width == 0 || *height == 0) return std::nullopt;
  return ImageHeader{format, *width, *height, false};
}

/// From marker to marker up to the start of a frame.
Header jpeg_header(const ByteFields& fields) {
  std::uint64_t at = 2;
  for (;;) {
    Number marker = fields.number(at, 2);
    while (marker == 0xffff) marker = fields.number(++at, 2);  // fill bytes before a marker
    if (!marker || *marker <= 0xff00) return std::nullopt;     // 0xff00 is data, not a marker
    const std::uint64_t kind = *marker & 0xff;
    const bool is_frame =
        kind >= 0xc0 && kind <= 0xcf && kind != 0xc4 && kind != 0xc8 && kind != 0xcc;
    if (is_frame) {
      return header_of(ImageFormat::jpeg, fields.number(at + 7, 2), fields.number(at + 5, 2));
    }
    const bool is_alone = kind == 0x01 || (kind >= 0xd0 && kind <= 0xd8);
    const Number length = is_alone ? Number(0) : fields.number(at + 2, 2);
    if (!length || (!is_alone && *length < 2)) return std::nullopt;
    at += 2 + *length;
  }
}

Header webp_header(const ByteFields& fields) {
  const auto plus_one = [](Number value) { return value ? Number(*value + 1) : Number(); };
  const auto bits = [](Number value, int shift) {
    return value ? Number(*value >> shift & 0x3fff) : Number();
  };
  constexpr auto kWebp = ImageFormat::webp;
  if (fields.has(12, "VP8X")) {
    Header header =
        header_of(kWebp, plus_one(fields.number(24, 3)), plus_one(fields.number(27, 3)));
    constexpr std::uint64_t kAnimation = 2;
    if (header) header->is_animated = (fields.number(20, 1).value_or(0) & kAnimation) != 0;
    return header;
  }
  if (fields.has(12, "VP8L")) {
    const Number packed = fields.number(21, 4);
    return header_of(kWebp, plus_one(bits(packed, 0)), plus_one(bits(packed, 14)));
  }
  if (fields.has(12, "VP8 ")) {
    return header_of(kWebp, bits(fields.number(26, 2), 0), bits(fields.number(28, 2), 0));
  }
  return std::nullopt;
}

Header bmp_header(const ByteFields& fields) {
  const Number header_size = fields.number(14, 4);
  if (!header_size) return std::nullopt;
  constexpr std::uint64_t kOldHeader = 12;
  if (*header_size == kOldHeader) {
    return header_of(ImageFormat::bmp, fields.number(18, 2), fields.number(20, 2));
  }
  Number height = fields.number(22, 4);
  // A negative height, in two's complement, means rows from top to bottom.
  if (height && *height > 0x7fffffff) height = 0x100000000 - *height;
  return header_of(ImageFormat::bmp, fields.number(18, 4), height);
}

/// How a TIFF, or a BigTIFF with its longer numbers, is laid out.
struct TiffLayout {
  std::uint64_t first_directory;  ///< where its offset stands
  std::size_t offset;             ///< bytes of an offset
  std::size_t count;              ///< bytes of the number of entries
  std::uint64_t entry;            ///< bytes of an entry
};
constexpr TiffLayout kClassicTiff{4, 4, 2, 12};
constexpr TiffLayout kBigTiff{8, 8, 8, 20};

/// The tags ImageWidth and ImageLength of the first directory.
Header tiff_header(const ByteFields& fields, const TiffLayout& layout) {
  const Number directory = fields.number(layout.first_directory, layout.offset);
  const Number entries = directory ? fields.number(*directory, layout.count) : Number();
  constexpr std::uint64_t kMostEntries = 65'535;
  if (!entries || *entries > kMostEntries) return std::nullopt;
  Number width;
  Number height;
  for (std::uint64_t i = 0; i < *entries; ++i) {
    const std::uint64_t entry = *directory + layout.count + i * layout.entry;
    constexpr std::uint64_t kShort = 3;
    const std::size_t length = fields.number(entry + 2, 2) == kShort ? 2 : 4;
    const Number tag = fields.number(entry, 2);
    const std::uint64_t value = entry + 4 + layout.offset;  // behind tag, type and count
    if (tag == 256) width = fields.number(value, length);
    if (tag == 257) height = fields.number(value, length);
  }
  return header_of(ImageFormat::tiff, width, height);
}

}  // namespace

std::optional<ImageHeader> read_image_header(std::span<const std::byte> bytes) {
  const ByteFields big(bytes, ByteOrder::big);
  const ByteFields little(bytes, ByteOrder::little);
  if (big.has(0, "\xff\xd8\xff")) return jpeg_header(big);
  if (big.has(0, "\x89PNG\r\n\x1a\n") && big.has(12, "IHDR")) {
    return header_of(ImageFormat::png, big.number(16, 4), big.number(20, 4));
  }
  if (big.has(0, "RIFF") && big.has(8, "WEBP")) return webp_header(little);
  if (big.has(0, "BM")) return bmp_header(little);
  if (big.has(0, std::string_view("II*\0", 4))) return tiff_header(little, kClassicTiff);
  if (big.has(0, std::string_view("MM\0*", 4))) return tiff_header(big, kClassicTiff);
  if (big.has(0, std::string_view("II+\0", 4))) return tiff_header(little, kBigTiff);
  if (big.has(0, std::string_view("MM\0+", 4))) return tiff_header(big, kBigTiff);
  return std::nullopt;
}

}  // namespace epochal
