#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

namespace epochal {

/// The options of an experiment's own command, such as `epochal adain stylize`. --help, --run and
/// --store are always there.
class VerbOptions {
 public:
  /// `usage` without the program's name: "adain stylize --run RUN …".
  explicit VerbOptions(std::string usage);

  /// For declaring more, as Boost.ProgramOptions does it.
  boost::program_options::options_description_easy_init add() { return description_.add_options(); }

  /// False if help was asked for and has been printed. Throws Error for what was not declared.
  bool parse(const std::vector<std::string>& arguments);

  bool has(const char* name) const { return values_.contains(name); }
  const std::string& usage() const { return usage_; }

  /// Throws Error if the option was not given.
  const std::string& text(const char* name) const;

  /// An option that was declared with a value of this type, or has a default.
  int integer(const char* name) const { return values_[name].as<int>(); }

  /// Throws Error if it is not between `low` and `high`.
  double number(const char* name, double low, double high) const;

 private:
  std::string usage_;
  boost::program_options::options_description description_;
  boost::program_options::variables_map values_;
};

}  // namespace epochal
