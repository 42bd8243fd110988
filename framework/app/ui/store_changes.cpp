#include "framework/app/ui/store_changes.h"

#include <fmt/format.h>

#include "db/store.h"
#include "framework/app/tag_text.h"
#include "framework/app/ui/answer_values.h"
#include "framework/base/error.h"

namespace epochal::app {
namespace {

constexpr std::size_t kMostChangedRuns = 1000;
constexpr std::size_t kLongestNewNote = 20'000;

class ChangeRequest {
 public:
  explicit ChangeRequest(const std::string& body) : json_(Answer::parse(body, nullptr, false)) {
    if (!json_.is_object()) throw Error("the body is not a JSON object");
  }

  std::string text(const char* name, std::size_t longest) const {
    const auto found = json_.find(name);
    if (found == json_.end() || !found->is_string()) throw Error("this must be a text", name);
    std::string text = found->get<std::string>();
    if (text.size() > longest) throw Error(fmt::format("it has more than {} bytes", longest), name);
    return text;
  }

  std::vector<std::string> runs() const {
    const auto found = json_.find("runs");
    if (found == json_.end() || !found->is_array() || found->empty()) {
      throw Error("this must be a list of runs", "runs");
    }
    if (found->size() > kMostChangedRuns) {
      throw Error(fmt::format("at most {} runs at once can be changed", kMostChangedRuns), "runs");
    }
    std::vector<std::string> words;
    for (const Answer& word : *found) {
      if (!word.is_string()) throw Error("each run must be a text", "runs");
      words.push_back(word.get<std::string>());
    }
    return words;
  }

 private:
  Answer json_;
};

std::vector<store::RunId> named(const store::Query& query, const std::vector<std::string>& words) {
  std::vector<store::RunId> runs;
  for (const std::string& word : words) runs.push_back(named_run(query, word).id);
  return runs;
}

/// Runs in the trash, by their identities or the first digits of these.
std::vector<store::RunId> named_trashed(const store::Query& query,
                                        const std::vector<std::string>& words) {
  const std::vector<store::RunRecord> trashed = query.trashed_runs();
  std::vector<store::RunId> runs;
  for (const std::string& word : words) {
    for (const store::RunRecord& run : trashed) {
      if (word.size() >= 10 && run.identity.starts_with(word)) runs.push_back(run.id);
    }
  }
  if (runs.empty()) throw NotFound("the trash has no such run");
  return runs;
}

void change_tags(store::Store& store, const std::vector<store::RunId>& runs,
                 const ChangeRequest& request, bool is_removal) {
  const std::string name = request.text("name", kLongestTagName);
  check_tag_name(name);
  const std::string value = is_removal ? "" : request.text("value", kLongestTagValue);
  for (const store::RunId run : runs) {
    if (is_removal) {
      store.remove_tags(run, {name});
    } else {
      store.set_tags(run, {{name, value}});
    }
  }
}

}  // namespace

Answer change_store(const std::filesystem::path& folder, const std::string& method,
                    const std::string& what, const std::string& body) {
  const ChangeRequest request(body);
  const bool is_removal = method == "DELETE";
  const store::Query query(folder);
  if (what == "trash" && is_removal) {
    const std::vector<store::RunId> runs = named_trashed(query, request.runs());
    return {{"changed", store::Store(folder).restore(runs)}};
  }
  const std::vector<store::RunId> runs = named(query, request.runs());
  store::Store store(folder);
  if (what == "trash") return {{"changed", store.trash(runs)}};
  if (what == "tags") {
    change_tags(store, runs, request, is_removal);
  } else if (what == "notes" && !is_removal) {
    const std::string text = request.text("text", kLongestNewNote);
    if (text.empty()) throw Error("the note is empty", "text");
    for (const store::RunId run : runs) store.add_note(run, text);
  } else {
    throw NotFound("there is no such address");
  }
  return {{"changed", runs.size()}};
}

}  // namespace epochal::app
