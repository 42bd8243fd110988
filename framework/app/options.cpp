// Command-line options through Boost.ProgramOptions, with epochal's errors.

#include "framework/app/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/base/parsed_number.h"
#include "framework/base/printable.h"
#include "framework/base/whole_number.h"

namespace epochal::app {
namespace po = boost::program_options;

namespace {

/// A number below zero is an argument: no option is a digit.
std::vector<po::option> negative_number(std::vector<std::string>& words) {
  if (words.empty() || !words.front().starts_with('-') || !parsed_number<double>(words.front())) {
    return {};
  }
  po::option number;
  number.value = {words.front()};
  number.original_tokens = number.value;
  words.erase(words.begin());
  return {number};
}

}  // namespace

Options::Options(std::string usage, std::string about)
    : usage_(std::move(usage)), about_(std::move(about)), description_("Options") {
  flag("help,h", "show this text");
}

Options& Options::add(const char* name, const char* value_name, const char* doc) {
  const std::string names(name);
  const std::size_t comma = names.find(',');
  docs_.push_back({names.substr(0, comma),
                   comma == std::string::npos ? "" : names.substr(comma + 1), value_name, doc});
  return *this;
}

Options& Options::flag(const char* name, const char* doc) {
  description_.add_options()(name, doc);
  return add(name, "", doc);
}

Options& Options::value(const char* name, const char* value_name, const char* doc) {
  description_.add_options()(name, po::value<std::string>()->value_name(value_name), doc);
  return add(name, value_name, doc);
}

Options& Options::store() {
  return value("store", "DIR", "the store's folder (default: EPOCHAL_STORE, or ./epochal-store)");
}

void Options::check_known(const Arguments& arguments) const {
  std::vector<std::string> known;
  for (const OptionDoc& option : docs_) known.push_back(option.name);
  for (const std::string& argument : arguments) {
    if (argument == "--") return;
    if (!argument.starts_with("--")) continue;
    const std::string name = argument.substr(2, argument.find('=') - 2);
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw Error(fmt::format("unknown option '--{}'", name.substr(0, 80)), {},
                name_hint(name, known) + "; see `epochal " + usage_.substr(0, usage_.find(' ')) +
                    " --help`");
  }
}

/// Whether the usage has a positional argument: "show RUN" has one, "ls [--where FILTER]" has none.
bool Options::takes_arguments() const {
  std::string rest = usage_.substr(std::min(usage_.find(' '), usage_.size()));
  for (std::size_t begin = rest.find("[-"); begin != std::string::npos; begin = rest.find("[-")) {
    rest.erase(begin, rest.find(']', begin) - begin + 1);
  }
  return rest.find_first_not_of(' ') != std::string::npos;
}

bool Options::parse(const Arguments& arguments) {
  check_known(arguments);
  po::options_description all(description_);
  all.add_options()("positional", po::value<std::vector<std::string>>());
  po::positional_options_description positions;
  positions.add("positional", -1);
  try {
    const auto style =
        po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments)
                  .options(all)
                  .positional(positions)
                  .style(style)
                  .extra_style_parser(negative_number)
                  .run(),
              values_);
  } catch (const po::error& error) {
    throw Error(error.what(), {},
                "see `epochal " + usage_.substr(0, usage_.find(' ')) + " --help`");
  }
  if (values_.contains("positional")) {
    positional_ = values_["positional"].as<std::vector<std::string>>();
  }
  if (!has("help") && !positional_.empty() && !takes_arguments()) {
    throw Error(fmt::format("'{}' is not expected here", printable(positional_.front(), 80)), {},
                "usage: epochal " + usage_);
  }
  if (!has("help")) return true;
  std::cout << "usage: epochal " << usage_ << "\n\n" << about_ << "\n\n" << description_;
  return false;
}

bool Options::has(const char* name) const {
  return values_.contains(name);
}

void Options::refuse_together(std::initializer_list<const char*> names) const {
  const char* first = nullptr;
  for (const char* name : names) {
    if (!has(name)) continue;
    if (first != nullptr) {
      throw Error(fmt::format("--{} and --{} cannot be used together", first, name), {},
                  "give one of them");
    }
    first = name;
  }
}

std::string Options::text(const char* name, const std::string& fallback) const {
  return has(name) ? values_[name].as<std::string>() : fallback;
}

int Options::integer(const char* name, int fallback, int low, int high) const {
  if (!has(name)) return fallback;
  const std::string given = text(name);
  const auto number = parsed_number<int>(given);
  if (!number || *number < low || *number > high) {
    throw Error(fmt::format("--{} must be a whole number from {} to {}, not '{}'", name, low, high,
                            given.substr(0, 80)));
  }
  return *number;
}

std::int64_t Options::count(const char* name) const {
  const std::string given = text(name);
  const auto number = parsed_number<double>(given);
  const auto count = number ? whole_count(*number) : std::nullopt;
  if (count) return *count;
  throw Error(fmt::format("--{} must be a whole number from 1 to 1e15, not '{}'", name,
                          printable(given, 80)));
}

std::filesystem::path Options::store_folder() const {
  if (has("store")) return text("store");
  const char* environment = std::getenv("EPOCHAL_STORE");
  const bool is_set = environment != nullptr && *environment != '\0';
  return is_set ? environment : "epochal-store";
}

const std::string& Options::first_positional(const char* name) const {
  if (!positional_.empty()) return positional_.front();
  throw Error(fmt::format("{} is missing", name), {}, "usage: epochal " + usage_);
}

const std::string& Options::only_positional(const char* name) const {
  if (positional_.size() == 1) return positional_.front();
  throw Error(positional_.empty() ? fmt::format("{} is missing", name)
                                  : fmt::format("only one {} is expected", name),
              {}, "usage: epochal " + usage_);
}

}  // namespace epochal::app
