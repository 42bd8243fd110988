#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// What a file shows or holds.
enum class ContentType { picture, text, table, audio, histogram, model, file };

/// "picture", "text", …
std::string_view name_of(ContentType type);

/// The type of such a name; a file where there is no such type.
ContentType content_type_named(std::string_view name);

/// What a file's bytes are found to be.
struct Content {
  ContentType type = ContentType::file;
  std::string ending;           ///< for the file's name, without a dot: "png", "csv", "bin"
  std::string_view media_type;  ///< of what a browser shows or plays: "image/png"; else empty
};

/// Looks at a whole file, which may be hostile: `ending`, that of its name, only tells kinds of
/// text apart. Takes little memory, whatever the bytes are.
/// - picture: PNG, JPEG, WebP, GIF; audio: WAV, MP3, Ogg, FLAC, by what they begin with
/// - model: safetensors, ONNX, a zip of PyTorch, by their structure
/// - histogram: a text that read_histogram() takes; table: any other JSON, and CSV and TSV by
/// ending
/// - text: UTF-8 without control characters but tabs, line breaks and escapes
/// - file: anything else
Content content_of(std::string_view bytes, std::string_view ending);

/// A name without folder, made of what every file system and page takes: letters, digits, "-", "_"
/// and "."; at most 80 bytes, not empty, and no leading dot.
std::string plain_file_stem(std::string_view name);

/// The ending of a file's name without its dot, in small letters: "csv"; empty if there is none.
std::string ending_of(std::string_view name);

}  // namespace epochal
