#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

namespace epochal::app {

using Arguments = std::vector<std::string>;

/// One declared option, for help, completion and the manual.
struct OptionDoc {
  std::string name;        ///< without the dashes
  std::string letter;      ///< its short form, may be empty
  std::string value_name;  ///< empty for a flag
  std::string doc;
};

/// The options of one command. Parsing, --help, completion and the manual use one declaration.
/// Every command has --help; commands that open a store have --store.
class Options {
 public:
  /// `usage` and `about` are shown by --help.
  Options(std::string usage, std::string about);

  /// Declares an option without a value.
  Options& flag(const char* name, const char* doc);
  /// Declares an option with a value.
  Options& value(const char* name, const char* value_name, const char* doc);
  /// Declares --store.
  Options& store();

  /// Parses. With --help, prints the help and returns false. Throws Error for an unknown option
  /// (and suggests the nearest known one), for a missing value, and for arguments that the usage
  /// does not name.
  bool parse(const Arguments& arguments);

  const std::string& usage() const { return usage_; }
  const std::string& about() const { return about_; }
  const std::vector<OptionDoc>& docs() const { return docs_; }

  bool has(const char* name) const;
  /// Throws Error if more than one of these was given.
  void refuse_together(std::initializer_list<const char*> names) const;
  /// The value of an option, or `fallback`.
  std::string text(const char* name, const std::string& fallback = {}) const;
  /// Throws Error unless the value is a whole number from `low` to `high`.
  int integer(const char* name, int fallback, int low, int high) const;
  /// A number of steps or images, such as 1000 or 1e6. Throws Error unless the value is a whole
  /// number from 1 to 1e15.
  std::int64_t count(const char* name) const;
  /// The store's folder: --store, else EPOCHAL_STORE, else ./epochal-store.
  std::filesystem::path store_folder() const;
  /// The arguments that are not options, in order.
  const std::vector<std::string>& positional() const { return positional_; }
  /// The first positional argument; others may follow. Throws Error if there is none.
  const std::string& first_positional(const char* name) const;
  /// The one positional argument. Throws Error if there are fewer or more.
  const std::string& only_positional(const char* name) const;

 private:
  Options& add(const char* name, const char* value_name, const char* doc);
  void check_known(const Arguments& arguments) const;
  bool takes_arguments() const;

  std::string usage_;
  std::string about_;
  std::vector<OptionDoc> docs_;
  boost::program_options::options_description description_;
  boost::program_options::variables_map values_;
  std::vector<std::string> positional_;
};

}  // namespace epochal::app
