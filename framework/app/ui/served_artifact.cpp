#include "framework/app/ui/served_artifact.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

#include "db/artifact_path.h"
#include "framework/app/ui/answer_values.h"
#include "framework/base/content.h"
#include "framework/base/error.h"

namespace epochal::app {
namespace {

/// httplib would announce more bytes than the file has.
bool asks_past_the_end(const httplib::Request& request, std::uintmax_t bytes) {
  const auto size = static_cast<ssize_t>(bytes);
  return std::any_of(request.ranges.begin(), request.ranges.end(), [&](const auto& range) {
    return range.first >= size || range.second >= size;
  });
}

/// An artifact that stays open while it is sent.
struct OpenArtifact {
  explicit OpenArtifact(store::ReadableArtifact opened)
      : artifact(std::move(opened)), in(artifact.path(), std::ios::binary) {}

  store::ReadableArtifact artifact;
  std::ifstream in;
};

std::optional<store::ReadableArtifact> opened(const store::Query& query, const std::string& path) {
  try {
    return store::readable_artifact(query.folder(), path);
  } catch (const Error& error) {  // it leads out of the store
    throw NotFound(error.what());
  }
}

bool send_part(OpenArtifact& open, std::size_t offset, std::size_t length,
               httplib::DataSink& sink) {
  std::array<char, 65536> part{};
  open.in.clear();
  open.in.seekg(static_cast<std::streamoff>(offset));
  open.in.read(part.data(), static_cast<std::streamsize>(std::min(length, part.size())));
  const auto count = static_cast<std::size_t>(open.in.gcount());
  return count > 0 && sink.write(part.data(), count);
}

}  // namespace

void serve_artifact(const store::Query& query, const httplib::Request& request,
                    const std::string& word, std::int64_t id, httplib::Response& response) {
  const store::RunRecord run = named_run(query, word);
  const std::vector<store::ArtifactRecord> artifacts = query.artifacts(run.id);
  const auto found = std::find_if(artifacts.begin(), artifacts.end(),
                                  [&](const store::ArtifactRecord& one) { return one.id == id; });
  if (found == artifacts.end()) throw NotFound("the run has no such artifact");
  auto file = opened(query, found->path);
  if (!file) throw NotFound("the artifact's file is missing");
  const auto open = std::make_shared<OpenArtifact>(std::move(*file));
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(open->artifact.path(), missing);
  if (missing || !open->in) throw NotFound("the artifact's file cannot be read");
  if (asks_past_the_end(request, bytes)) {
    constexpr int kRangeNotSatisfiable = 416;
    response.status = kRangeNotSatisfiable;
    return;
  }

  const std::string media = media_type_of(*found);
  response.set_header("Content-Security-Policy", "default-src 'none'; sandbox");
  if (media.empty()) {
    const std::string name = std::filesystem::path(found->path).filename().string();
    response.set_header("Content-Disposition",
                        fmt::format("attachment; filename=\"{}\"", plain_file_stem(name)));
  }
  response.set_content_provider(
      bytes, media.empty() ? "application/octet-stream" : media,
      [open](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        return send_part(*open, offset, length, sink);
      });
}

}  // namespace epochal::app
