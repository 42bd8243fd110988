#pragma once

#include <boost/program_options.hpp>
#include <deque>
#include <string>
#include <vector>

namespace epochal {

/// The options of an experiment's own command, such as `epochal adain stylize`. --help, --run and
/// --store are always there.
class VerbOptions {
 public:
  /// `usage` without the program's name: "adain stylize --run RUN …". `about` is what --help says
  /// below it: what the command does, with examples.
  explicit VerbOptions(std::string usage, std::string about = {});

  /// Options that are declared from here on stand below this title in --help.
  void begin_group(const std::string& title);

  /// For declaring more, as Boost.ProgramOptions does it.
  boost::program_options::options_description_easy_init add() {
    return groups_.back().add_options();
  }

  /// False if help was asked for and has been printed. Throws Error for what was not declared.
  bool parse(const std::vector<std::string>& arguments);

  bool has(const char* name) const { return values_.contains(name); }
  const std::string& usage() const { return usage_; }

  /// Throws Error if the option was not given.
  const std::string& text(const char* name) const;

  /// An option that may be given several times; empty if it was not given.
  std::vector<std::string> texts(const char* name) const;

  /// An option that was declared with a value of this type, or has a default.
  int integer(const char* name) const { return values_[name].as<int>(); }

  /// Throws Error if it is not between `low` and `high`.
  double number(const char* name, double low, double high) const;

 private:
  std::string usage_;
  std::string about_;
  /// In the order of --help; what is always there comes last.
  std::deque<boost::program_options::options_description> groups_;
  boost::program_options::variables_map values_;
};

}  // namespace epochal
