// `epochal tag`: names that people give to runs.

#include <fmt/format.h>

#include "db/query.h"
#include "db/store.h"
#include "framework/app/commands/command.h"
#include "framework/app/selection_options.h"
#include "framework/app/tag_text.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"

namespace epochal::app {
namespace {

int tag(const Options& options) {
  const std::string& given = options.first_positional("NAME");
  const std::string name = given.substr(0, given.find('='));
  const std::string value = name.size() < given.size() ? given.substr(name.size() + 1) : "";
  check_tag_name(name);
  if (value.size() > kLongestTagValue) throw Error("a tag's value has at most 1,000 bytes", name);

  const std::filesystem::path folder = options.store_folder();
  const std::vector<std::string> names(options.positional().begin() + 1,
                                       options.positional().end());
  const std::vector<store::RunId> runs = named_or_selected(options, store::Query(folder), names);
  store::Store store(folder);
  for (const store::RunId run : runs) {
    if (options.has("remove")) {
      store.remove_tags(run, {name});
    } else {
      store.set_tags(run, {{name, value}});
    }
  }
  print_message("{} {} {} {}\n", options.has("remove") ? "removed" : "added", name,
                options.has("remove") ? "from" : "to", runs_text(runs.size()));
  return kAllGood;
}

}  // namespace

Command tag_command() {
  Options options(
      "tag NAME[=VALUE] RUN… | --where FILTER",
      "Adds a tag to runs, or replaces the one of the same name. Filters use it as tags.NAME.");
  options.store().flag("remove", "remove the tag");
  add_selection(options);
  return {"add a tag to runs", std::move(options), tag};
}

}  // namespace epochal::app
