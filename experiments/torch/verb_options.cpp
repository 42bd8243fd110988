// Options of plugins' commands, with epochal's errors.

#include "experiments/torch/verb_options.h"

#include <fmt/format.h>

#include <iostream>

#include "framework/base/error.h"

namespace epochal {
namespace po = boost::program_options;

VerbOptions::VerbOptions(std::string usage, std::string about)
    : usage_(std::move(usage)), about_(std::move(about)) {
  begin_group("Options");
}

void VerbOptions::begin_group(const std::string& title) {
  groups_.emplace_back(title);
}

bool VerbOptions::parse(const std::vector<std::string>& arguments) {
  begin_group("Also");
  add()("run", po::value<std::string>()->value_name("RUN"),
        "a trained run: the first digits that `epochal ls` shows, @last, @best or SWEEP:3")(
      "store", po::value<std::string>()->value_name("DIR"),
      "the store's folder (default: EPOCHAL_STORE, or ./epochal-store)")("help,h",
                                                                         "show this text");
  po::options_description all;
  for (const po::options_description& group : groups_) {
    if (!group.options().empty()) all.add(group);
  }
  try {
    po::store(po::command_line_parser(arguments)
                  .options(all)
                  .positional(po::positional_options_description())
                  .run(),
              values_);
  } catch (const po::error& error) {
    throw Error(error.what(), {},
                "see `epochal " + usage_.substr(0, usage_.find(" --")) + " --help`");
  }
  if (!values_.contains("help")) return true;
  std::cout << "usage: epochal " << usage_ << '\n' << about_ << all;
  return false;
}

const std::string& VerbOptions::text(const char* name) const {
  if (has(name)) return values_[name].as<std::string>();
  throw Error(fmt::format("--{} is missing", name), {}, "usage: epochal " + usage_);
}

std::vector<std::string> VerbOptions::texts(const char* name) const {
  return has(name) ? values_[name].as<std::vector<std::string>>() : std::vector<std::string>();
}

double VerbOptions::number(const char* name, double low, double high) const {
  const double value = values_[name].as<double>();
  if (value >= low && value <= high) return value;
  throw Error(fmt::format("--{} {} is out of range", name, value), {},
              fmt::format("give a value from {} to {}", low, high));
}

}  // namespace epochal
