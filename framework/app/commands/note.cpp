// `epochal note`: adds a note to a run, or prints its notes.

#include <fmt/format.h>

#include <iostream>

#include "db/query.h"
#include "db/store.h"
#include "framework/app/commands/command.h"
#include "framework/base/human_format.h"
#include "framework/base/printable.h"

namespace epochal::app {
namespace {

constexpr std::size_t kLongestNote = 20'000;

int note(const Options& options) {
  const std::string& prefix = options.first_positional("RUN");
  const std::filesystem::path folder = options.store_folder();
  const store::RunRecord run = store::Query(folder).run_named(prefix);
  std::string text;
  for (std::size_t i = 1; i < options.positional().size(); ++i) {
    text += (i == 1 ? "" : " ") + options.positional()[i];
  }
  if (text.empty()) {
    for (const store::NoteRecord& record : store::Query(folder).notes(run.id)) {
      std::cout << format_time(record.at) << "  " << printable(record.text, kLongestNote) << '\n';
    }
    return kAllGood;
  }
  if (text.size() > kLongestNote) throw Error("a note has at most 20,000 bytes");
  store::Store(folder).add_note(run.id, text);
  return kAllGood;
}

}  // namespace

Command note_command() {
  Options options("note RUN [TEXT…]",
                  "Adds a note to a run, or prints its notes. `epochal show` prints them too.");
  options.store();
  return {"add a note to a run, or print its notes", std::move(options), note};
}

}  // namespace epochal::app
