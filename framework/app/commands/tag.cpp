// `epochal tag`: names that people give to runs.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "db/query.h"
#include "db/store.h"
#include "framework/app/commands/command.h"
#include "framework/app/selection_options.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"

namespace epochal {
namespace {

constexpr std::size_t kLongestName = 80;
constexpr std::size_t kLongestValue = 1000;

void check_name(const std::string& name) {
  const bool is_plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '/';
  });
  if (!name.empty() && name.size() <= kLongestName && is_plain) return;
  throw Error(fmt::format("'{}' is not a tag", printable(name, 100)), {},
              "letters, digits, '_', '-', '.' and '/', at most 80 of them");
}

int tag(const Options& options) {
  const std::string& given = options.first_positional("NAME");
  const std::string name = given.substr(0, given.find('='));
  const std::string value = name.size() < given.size() ? given.substr(name.size() + 1) : "";
  check_name(name);
  if (value.size() > kLongestValue) throw Error("a tag's value has at most 1,000 bytes", name);

  const std::filesystem::path folder = options.store_folder();
  const std::vector<std::string> names(options.positional().begin() + 1,
                                       options.positional().end());
  const std::vector<RunId> runs = named_or_selected(options, Query(folder), names);
  Store store(folder);
  for (const RunId run : runs) {
    if (options.has("remove")) {
      store.remove_tags(run, {name});
    } else {
      store.set_tags(run, {{name, value}});
    }
  }
  print_message("{} {} {} {}\n", options.has("remove") ? "took" : "put", name,
                options.has("remove") ? "off" : "on",
                runs.size() == 1 ? "1 run" : fmt::format("{} runs", runs.size()));
  return kAllGood;
}

}  // namespace

Command tag_command() {
  Options options("tag NAME[=VALUE] RUN… | --where FILTER",
                  "Puts a tag on runs, in place of one of the same name. Filters ask for it as\n"
                  "tags.NAME.");
  options.store().flag("remove", "take the tag off");
  add_selection(options);
  return {"put a tag on runs", std::move(options), tag};
}

}  // namespace epochal
