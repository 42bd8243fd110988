#include "framework/app/ui/answer_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "framework/base/content.h"
#include "framework/base/error.h"
#include "framework/base/printable.h"

namespace epochal::app {

Answer number_json(const std::optional<double>& value) {
  return value ? number_json(*value) : Answer();
}

Answer cell_json(const store::CellValue& value) {
  return std::visit(
      [](const auto& plain) -> Answer {
        using Plain = std::decay_t<decltype(plain)>;
        if constexpr (std::is_same_v<Plain, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<Plain, double>) {
          return number_json(plain);
        } else {
          return plain;
        }
      },
      value);
}

std::string field_name(std::string_view room, const std::string& name) {
  const bool is_plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '.';
  });
  return is_plain ? fmt::format("{}.{}", room, name) : store::quoted_field(room, name);
}

Answer live_json(const store::LiveProgress& live) {
  return {{"epoch", live.epoch}, {"done", live.done}, {"total", live.total}};
}

store::RunRecord named_run(const store::Query& query, const std::string& word) {
  constexpr std::size_t kFewestDigits = 4;
  const bool is_identity =
      word.size() >= kFewestDigits &&
      std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (!is_identity) {
    throw NotFound(fmt::format("'{}' is not a run: use at least four digits of its identity",
                               printable(word, 80)));
  }
  try {
    return query.run_named(word);
  } catch (const Error& error) {
    throw NotFound(error.what());
  }
}

std::vector<store::RunRecord> named_runs(const store::Query& query,
                                         const RequestParameters& parameters) {
  constexpr std::size_t kMost = 200;
  const std::vector<std::string> words = parameters.list("runs", kMost);
  if (words.empty()) throw Error("no run is named", "runs", "runs=3f9c2a1b44,77aa01bc3d");
  std::vector<store::RunRecord> runs;
  for (const std::string& word : words) runs.push_back(named_run(query, word));
  return runs;
}

std::string media_type_of(const store::ArtifactRecord& artifact) {
  using Kind = store::ArtifactRecord::Kind;
  static const std::map<std::string, std::string> kMedia{
      {"png", "image/png"},   {"jpg", "image/jpeg"}, {"jpeg", "image/jpeg"},
      {"webp", "image/webp"}, {"gif", "image/gif"},  {"wav", "audio/wav"},
      {"mp3", "audio/mpeg"},  {"ogg", "audio/ogg"},  {"flac", "audio/flac"}};
  constexpr const char* kText = "text/plain; charset=utf-8";
  if (artifact.kind == Kind::log || artifact.kind == Kind::diff) return kText;
  if (artifact.kind != Kind::sample || !artifact.type) return {};
  const ContentType type = *artifact.type;
  if (type == ContentType::text || type == ContentType::table || type == ContentType::histogram) {
    return kText;
  }
  if (type != ContentType::picture && type != ContentType::audio) return {};
  const auto found = kMedia.find(ending_of(artifact.path));
  return found == kMedia.end() ? std::string() : found->second;
}

}  // namespace epochal::app
