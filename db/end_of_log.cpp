// The end of a log says most about a failed run.

#include "db/end_of_log.h"

#include <algorithm>
#include <fstream>

#include "db/artifact_path.h"

namespace epochal::store {

std::string last_lines(const std::filesystem::path& file) {
  constexpr std::streamoff kMostBytes = 2000;
  constexpr int kMostLines = 10;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = in.tellg();
  if (size <= 0) return {};
  in.seekg(std::max<std::streamoff>(0, size - kMostBytes));
  std::string text(static_cast<std::size_t>(std::min(size, kMostBytes)), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.erase(text.find_last_not_of('\n') + 1);

  // The first line is incomplete if the log is longer.
  std::size_t begin = text.size();
  for (int lines = 0; lines < kMostLines && begin != 0; ++lines) {
    const std::size_t end = text.rfind('\n', begin - 1);
    if (end == std::string::npos) {
      if (size <= kMostBytes || lines == 0) begin = 0;
      break;
    }
    begin = end;
  }
  return text.substr(begin < text.size() && text[begin] == '\n' ? begin + 1 : begin);
}

std::string end_of_log(const std::filesystem::path& store,
                       const std::vector<ArtifactRecord>& artifacts) {
  const auto log = std::find_if(artifacts.rbegin(), artifacts.rend(), [](const auto& artifact) {
    return artifact.kind == ArtifactRecord::Kind::log;
  });
  if (log == artifacts.rend()) return {};
  const auto file = readable_artifact(store, log->path);
  return file ? last_lines(file->path()) : std::string();
}

}  // namespace epochal::store
