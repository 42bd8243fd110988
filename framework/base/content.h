#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// The type of a file's content.
enum class ContentType { picture, text, table, audio, histogram, model, file };

/// "picture", "text", …
std::string_view name_of(ContentType type);

/// The type of this name; `file` if there is no such type.
ContentType content_type_named(std::string_view name);

/// What the bytes of a file are.
struct Content {
  ContentType type = ContentType::file;
  std::string ending;           ///< for the file's name, without a dot: "png", "csv", "bin"
  std::string_view media_type;  ///< of files that a browser shows or plays: "image/png"; else empty
};

/// Examines a whole file, which may be hostile. `ending`, the extension of its name, only
/// distinguishes kinds of text. Needs little memory, whatever the bytes are.
/// - picture: PNG, JPEG, WebP, GIF; audio: WAV, MP3, Ogg, FLAC, by their first bytes
/// - model: safetensors, ONNX, a zip file of PyTorch, by their structure
/// - histogram: a text that read_histogram() takes; table: any other JSON, and CSV and TSV by
/// ending
/// - text: UTF-8 without control characters except tabs, line breaks and escapes
/// - file: anything else
Content content_of(std::string_view bytes, std::string_view ending);

/// A file name that every file system and page accepts: letters, digits, "-", "_" and "."; 1 to 80
/// bytes, without a leading dot or a folder.
std::string plain_file_stem(std::string_view name);

/// The extension of a file's name without the dot, in lower case: "csv"; empty if there is none.
std::string ending_of(std::string_view name);

}  // namespace epochal
