// Finds the type of a file from its first bytes and its structure, with all bounds checked.

#include "framework/base/content.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "framework/base/histogram.h"
#include "framework/base/printable.h"

namespace epochal {
namespace {

/// In the order of ContentType.
constexpr std::array<std::string_view, 7> kTypeNames{"picture",   "text",  "table", "audio",
                                                     "histogram", "model", "file"};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes.at(at));
}

std::uint64_t little_endian_at(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = count; i-- > 0;) number = number << 8 | byte_at(bytes, at + i);
  return number;
}

/// The length of the MP3 frame that starts here; 0 if there is none. ISO/IEC 11172-3, layer III.
std::size_t mp3_frame(std::string_view bytes, std::size_t at) {
  if (at + 4 > bytes.size() || byte_at(bytes, at) != 0xff) return 0;
  const unsigned version = byte_at(bytes, at + 1) >> 3 & 3;  // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const unsigned layer = byte_at(bytes, at + 1) >> 1 & 3;    // 1: layer III
  const unsigned rate = byte_at(bytes, at + 2) >> 4;
  const unsigned frequency = byte_at(bytes, at + 2) >> 2 & 3;
  const bool is_frame = byte_at(bytes, at + 1) >= 0xe0 && version != 1 && layer == 1 && rate > 0 &&
                        rate < 15 && frequency < 3;
  if (!is_frame) return 0;
  constexpr std::array<unsigned, 15> kFirst{0,   32,  40,  48,  56,  64,  80, 96,
                                            112, 128, 160, 192, 224, 256, 320};
  constexpr std::array<unsigned, 15> kSecond{0,  8,  16, 24,  32,  40,  48, 56,
                                             64, 80, 96, 112, 128, 144, 160};
  constexpr std::array<unsigned, 3> kHertz{44100, 48000, 32000};
  const bool is_first = version == 3;
  const unsigned bits = 1000 * (is_first ? kFirst : kSecond).at(rate);
  const unsigned hertz = kHertz.at(frequency) / (is_first ? 1 : version == 2 ? 2 : 4);
  const unsigned padding = byte_at(bytes, at + 2) >> 1 & 1;
  return (is_first ? 144 : 72) * bits / hertz + padding;
}

bool is_mp3(std::string_view bytes) {
  if (bytes.starts_with("ID3") && bytes.size() > 10) return true;
  const std::size_t first = mp3_frame(bytes, 0);
  if (first == 0) return false;
  // Random bytes may look like one frame, but hardly like two in a row.
  return first == bytes.size() || mp3_frame(bytes, first) > 0;
}

/// safetensors: a length, a JSON header of that length, and the weights.
bool is_safetensors(std::string_view bytes) {
  if (bytes.size() < 10) return false;
  const std::uint64_t length = little_endian_at(bytes, 0, 8);
  if (length < 2 || length > bytes.size() - 8) return false;
  std::string_view header = bytes.substr(8, length);
  header = header.substr(0, header.find_last_not_of(' ') + 1);
  return header.starts_with('{') && header.ends_with('}') && nlohmann::json::accept(header);
}

/// Skips over the fields of a protobuf message one after the other.
class ProtobufFields {
 public:
  explicit ProtobufFields(std::string_view bytes) : rest_(bytes) {}

  bool is_at_end() const { return rest_.empty(); }

  /// The number of the next field; 0 if there is none or it is broken.
  std::uint64_t next() {
    std::uint64_t tag = 0;
    std::uint64_t length = 0;
    if (!number(tag)) return 0;
    switch (tag & 7) {
      case 0:
        if (!number(length)) return 0;
        length = 0;
        break;
      case 1:
        length = 8;
        break;
      case 2:
        if (!number(length)) return 0;
        break;
      case 5:
        length = 4;
        break;
      default:
        return 0;
    }
    if (length > rest_.size()) return 0;
    rest_.remove_prefix(length);
    return tag >> 3;
  }

 private:
  bool number(std::uint64_t& value) {
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const std::uint8_t byte = byte_at(rest_, 0);
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  std::string_view rest_;
};

/// ONNX has no magic number: a ModelProto starts with its IR version, has a graph, and has no
/// undeclared fields.
bool is_onnx(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != '\x08') return false;
  constexpr std::uint64_t kGraph = 7;
  constexpr std::array<std::uint64_t, 11> kKnown{1, 2, 3, 4, 5, 6, kGraph, 8, 14, 20, 25};
  bool has_graph = false;
  for (ProtobufFields fields(bytes); !fields.is_at_end();) {
    const std::uint64_t field = fields.next();
    if (std::find(kKnown.begin(), kKnown.end(), field) == kKnown.end()) return false;
    has_graph = has_graph || field == kGraph;
  }
  return has_graph;
}

/// PyTorch writes a zip file that contains a file data.pkl.
bool is_pytorch(std::string_view bytes) {
  if (!bytes.starts_with("PK\x03\x04")) return false;
  constexpr std::size_t kLongestList = 1 << 16;  // of the zip's files, at its end
  const std::string_view end = bytes.substr(bytes.size() - std::min(bytes.size(), kLongestList));
  constexpr std::string_view kPickle = "/data.pkl";
  return bytes.substr(0, 512).find(kPickle) != bytes.npos || end.find(kPickle) != end.npos;
}

bool is_text(std::string_view bytes) {
  constexpr std::string_view kAllowed = "\t\n\r\f\v\x1b";
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length(bytes.substr(at));
    const bool is_control = is_control_character(bytes[at]);
    if (length == 0 || (is_control && kAllowed.find(bytes[at]) == kAllowed.npos)) return false;
    at += length;
  }
  return true;
}

/// Whether a file keeps its extension: only if no browser would run such a file.
std::string kept_ending(std::string_view ending, std::span<const std::string_view> known,
                        std::string_view otherwise) {
  return std::string(std::find(known.begin(), known.end(), ending) == known.end() ? otherwise
                                                                                  : ending);
}

Content text_content(std::string_view bytes, std::string_view ending) {
  if (ending == "csv" || ending == "tsv") return {ContentType::table, std::string(ending), {}};
  const std::size_t begin = bytes.find_first_not_of(" \t\r\n");
  const bool may_be_json = begin != bytes.npos && (bytes[begin] == '{' || bytes[begin] == '[');
  if (may_be_json && nlohmann::json::accept(bytes)) {
    const bool is_histogram = read_histogram(bytes).has_value();
    return {is_histogram ? ContentType::histogram : ContentType::table, "json", {}};
  }
  constexpr std::array<std::string_view, 14> kTexts{"txt", "md",   "log", "rst",  "yaml",
                                                    "yml", "toml", "ini", "py",   "cpp",
                                                    "h",   "sql",  "tex", "jsonl"};
  return {ContentType::text, kept_ending(ending, kTexts, "txt"), {}};
}

/// A type with a magic number.
std::optional<Content> marked_content(std::string_view bytes) {
  using namespace std::string_view_literals;
  struct Mark {
    std::string_view begin;
    std::string_view inner;  ///< at the ninth byte
    ContentType type;
    std::string_view ending;
    std::string_view media_type;
  };
  constexpr std::array<Mark, 8> kMarks{
      Mark{"\x89PNG\r\n\x1a\n"sv, {}, ContentType::picture, "png", "image/png"},
      Mark{"\xff\xd8\xff"sv, {}, ContentType::picture, "jpg", "image/jpeg"},
      Mark{"GIF87a"sv, {}, ContentType::picture, "gif", "image/gif"},
      Mark{"GIF89a"sv, {}, ContentType::picture, "gif", "image/gif"},
      Mark{"RIFF"sv, "WEBP"sv, ContentType::picture, "webp", "image/webp"},
      Mark{"RIFF"sv, "WAVE"sv, ContentType::audio, "wav", "audio/wav"},
      Mark{"OggS"sv, {}, ContentType::audio, "ogg", "audio/ogg"},
      Mark{"fLaC"sv, {}, ContentType::audio, "flac", "audio/flac"}};
  for (const Mark& mark : kMarks) {
    const bool is_whole = bytes.size() >= 12 || mark.inner.empty();
    if (bytes.starts_with(mark.begin) && is_whole &&
        (mark.inner.empty() || bytes.substr(8, 4) == mark.inner)) {
      return Content{mark.type, std::string(mark.ending), mark.media_type};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(ContentType type) {
  return kTypeNames.at(static_cast<std::size_t>(type));
}

ContentType content_type_named(std::string_view name) {
  const auto found = std::ranges::find(kTypeNames, name);
  if (found == kTypeNames.end()) return ContentType::file;
  return static_cast<ContentType>(found - kTypeNames.begin());
}

Content content_of(std::string_view bytes, std::string_view ending) {
  if (const auto marked = marked_content(bytes)) return *marked;
  if (is_text(bytes)) return text_content(bytes, ending);
  if (is_mp3(bytes)) return {ContentType::audio, "mp3", "audio/mpeg"};
  if (is_safetensors(bytes)) return {ContentType::model, "safetensors", {}};
  if (is_onnx(bytes)) return {ContentType::model, "onnx", {}};
  if (is_pytorch(bytes)) return {ContentType::model, "pt", {}};
  constexpr std::array<std::string_view, 10> kFiles{"npy", "npz", "h5",   "pkl",     "zip",
                                                    "gz",  "xz",  "gguf", "parquet", "mp4"};
  return {ContentType::file, kept_ending(ending, kFiles, "bin"), {}};
}

std::string plain_file_stem(std::string_view name) {
  constexpr std::size_t kLongest = 80;
  std::string plain(name.substr(0, kLongest));
  for (char& c : plain) {
    const bool is_plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    if (!is_plain) c = '-';
  }
  if (plain.starts_with('.')) plain[0] = '-';
  return plain.empty() ? "sample" : plain;
}

std::string ending_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || dot == 0 || name.find('/', dot) != name.npos) return {};
  std::string ending(name.substr(dot + 1));
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending;
}

}  // namespace epochal
