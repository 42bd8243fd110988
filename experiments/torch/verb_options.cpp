// Options of plugins' commands, with epochal's errors.

#include "experiments/torch/verb_options.h"

#include <fmt/format.h>

#include <iostream>

#include "framework/plugin/error.h"

namespace epochal {
namespace po = boost::program_options;

VerbOptions::VerbOptions(std::string usage) : usage_(std::move(usage)), description_("Options") {
  add()("help,h", "show this text")("run", po::value<std::string>(),
                                    "a trained run, as `epochal ls` shows it")(
      "store", po::value<std::string>(), "the store's folder");
}

bool VerbOptions::parse(const std::vector<std::string>& arguments) {
  try {
    po::store(po::command_line_parser(arguments)
                  .options(description_)
                  .positional(po::positional_options_description())
                  .run(),
              values_);
  } catch (const po::error& error) {
    throw Error(error.what(), {},
                "see `epochal " + usage_.substr(0, usage_.find(" --")) + " --help`");
  }
  if (!values_.contains("help")) return true;
  std::cout << "usage: epochal " << usage_ << "\n\n" << description_;
  return false;
}

const std::string& VerbOptions::text(const char* name) const {
  if (has(name)) return values_[name].as<std::string>();
  throw Error(fmt::format("--{} is missing", name), {}, "usage: epochal " + usage_);
}

double VerbOptions::number(const char* name, double low, double high) const {
  const double value = values_[name].as<double>();
  if (value >= low && value <= high) return value;
  throw Error(fmt::format("--{} {} is out of range", name, value), {},
              fmt::format("give a value from {} to {}", low, high));
}

}  // namespace epochal
