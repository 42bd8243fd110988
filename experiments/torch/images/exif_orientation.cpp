// Where image files keep EXIF, and the one tag of it that matters here. The places are those of
// CIPA DC-008 (EXIF in JPEG), PNG's extension eXIf, RFC 9649 (WebP) and TIFF 6.0.

#include "experiments/torch/images/exif_orientation.h"

#include <string_view>

#include "experiments/torch/byte_fields.h"

namespace epochal {
namespace {

using ByteSpan = std::span<const std::byte>;
using Number = std::optional<std::uint64_t>;

constexpr std::string_view kExif("Exif\0\0", 6);

/// The part of a file from `offset` on; empty if that is behind its end.
ByteSpan from(ByteSpan bytes, std::uint64_t offset) {
  return offset < bytes.size() ? bytes.subspan(offset) : ByteSpan();
}

/// From marker to marker up to the first scan.
ByteSpan exif_of_jpeg(ByteSpan bytes) {
  const ByteFields fields(bytes, ByteOrder::big);
  std::uint64_t at = 2;
  for (;;) {
    Number marker = fields.number(at, 2);
    while (marker == 0xffff) marker = fields.number(++at, 2);
    constexpr std::uint64_t kScan = 0xffda;
    if (!marker || *marker < 0xff00 || *marker == kScan) return {};
    const Number length = fields.number(at + 2, 2);
    if (!length || *length < 2) return {};
    constexpr std::uint64_t kApp1 = 0xffe1;
    if (*marker == kApp1 && fields.has(at + 4, kExif)) return from(bytes, at + 4 + kExif.size());
    at += 2 + *length;
  }
}

ByteSpan exif_of_png(ByteSpan bytes) {
  const ByteFields fields(bytes, ByteOrder::big);
  constexpr std::uint64_t kAround = 12;  // length, type and checksum of a chunk
  std::uint64_t at = 8;
  while (const Number length = fields.number(at, 4)) {
    if (fields.has(at + 4, "eXIf")) return from(bytes, at + 8);
    at += kAround + *length;
  }
  return {};
}

ByteSpan exif_of_webp(ByteSpan bytes) {
  const ByteFields fields(bytes, ByteOrder::little);
  std::uint64_t at = 12;
  while (const Number length = fields.number(at + 4, 4)) {
    if (fields.has(at, "EXIF")) {
      // Some writers put JPEG's mark in front of it.
      return from(bytes, at + 8 + (fields.has(at + 8, kExif) ? kExif.size() : 0));
    }
    at += 8 + *length + *length % 2;
  }
  return {};
}

ByteSpan exif_of(ByteSpan bytes, ImageFormat format) {
  switch (format) {
    case ImageFormat::jpeg:
      return exif_of_jpeg(bytes);
    case ImageFormat::png:
      return exif_of_png(bytes);
    case ImageFormat::webp:
      return exif_of_webp(bytes);
    case ImageFormat::tiff:
      return bytes;
    case ImageFormat::bmp:
      break;
  }
  return {};
}

/// The tag Orientation of the first directory; EXIF is a TIFF file without a picture.
Number orientation_tag(ByteSpan tiff) {
  const bool is_big = ByteFields(tiff, ByteOrder::big).has(0, "MM");
  const ByteFields fields(tiff, is_big ? ByteOrder::big : ByteOrder::little);
  if (!is_big && !fields.has(0, "II")) return std::nullopt;
  const Number directory = fields.number(4, 4);
  const Number entries = directory ? fields.number(*directory, 2) : Number();
  if (!entries) return std::nullopt;
  for (std::uint64_t i = 0; i < *entries; ++i) {
    constexpr std::uint64_t kEntrySize = 12;
    constexpr std::uint64_t kOrientation = 274;
    const std::uint64_t entry = *directory + 2 + i * kEntrySize;
    constexpr std::uint64_t kLong = 4;
    const std::size_t length = fields.number(entry + 2, 2) == kLong ? 4 : 2;
    if (fields.number(entry, 2) == kOrientation) return fields.number(entry + 8, length);
  }
  return std::nullopt;
}

}  // namespace

ImageOrientation read_image_orientation(ByteSpan bytes, ImageFormat format) {
  const Number tag = orientation_tag(exif_of(bytes, format));
  return tag && *tag >= 1 && *tag <= 8 ? static_cast<ImageOrientation>(*tag)
                                       : ImageOrientation::top_left;
}

}  // namespace epochal
