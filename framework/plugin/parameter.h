#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/parameters.h"

namespace epochal {

/// In the order of the types of ParameterValue; a path is a text.
enum class ParameterType { boolean, integer, real, text, path };

/// The role of a parameter: decides whether it is part of a run's identity.
enum class ParameterRole {
  result,    ///< changes what is computed: part of the identity
  location,  ///< the location of inputs: the identity has their fingerprint instead
  resource,  ///< where or how fast to compute: not part of the identity
};

std::string_view name_of(ParameterType type);

/// One declared parameter. The checks of sweep files and overrides, `epochal experiments show` and
/// the report's table use this declaration.
struct ParameterSpec {
  std::string name;
  ParameterType type = ParameterType::text;
  ParameterValue fallback;
  std::string doc;  ///< one line
  std::string unit;
  std::optional<double> min;
  std::optional<double> max;
  std::vector<std::string> choices;  ///< for text: the only values; for path: names besides paths
  ParameterRole role = ParameterRole::result;
  bool has_auto = false;  ///< for integer: the word "auto" stands for 0
  bool may_join = false;  ///< for path: several, with " + " between them
  /// Whether it changes what the objective means, as the weight of a loss term does: runs that
  /// differ in it are not compared by their objective.
  bool is_part_of_objective = false;

  /// Whether it was declared after runs were recorded without it: as long as it has its default, it
  /// is not part of the identity, so that these runs keep theirs.
  bool was_added_later = false;

  ParameterSpec between(double low, double high) const;
  ParameterSpec one_of(std::vector<std::string> names) const;
  ParameterSpec in(std::string unit_name) const;
  ParameterSpec as(ParameterRole new_role) const;
  ParameterSpec or_auto() const;
  ParameterSpec or_joined() const;
  ParameterSpec part_of_objective() const;
  ParameterSpec added_later() const;

  /// A value of it as a user would type it.
  std::string text_of(const ParameterValue& value) const;
};

ParameterSpec boolean_parameter(std::string name, bool fallback, std::string doc);
ParameterSpec integer_parameter(std::string name, std::int64_t fallback, std::string doc);
ParameterSpec real_parameter(std::string name, double fallback, std::string doc);
ParameterSpec text_parameter(std::string name, std::string fallback, std::string doc);

/// A file or folder, or a `scheme:name` such as generated:scenes. Its role is location.
ParameterSpec path_parameter(std::string name, std::string fallback, std::string doc);

/// The paths of a value that may join several: "photos + generated:scenes*500" has two. A name that
/// exists, relative to `folder`, is one path even if it contains " + ": the longest one counts.
std::vector<std::string> joined_paths(std::string_view value,
                                      const std::filesystem::path& folder = {});

/// Replaces a leading "~" or "~/" of a path by the home folder, like a shell. Throws Error if HOME
/// is not set.
std::string with_home(const std::string& path);

/// The parameters that an experiment declares, in the order in which it shows them.
class Schema {
 public:
  Schema() = default;
  /// A name declared twice, or a default outside its own range, is a programming error
  /// (std::logic_error).
  explicit Schema(std::vector<ParameterSpec> specs);

  const std::vector<ParameterSpec>& specs() const { return specs_; }
  const ParameterSpec* find(std::string_view name) const;
  std::vector<std::string> names() const;
  Parameters defaults() const;

  /// The value in the parameter's type (an integer is accepted for a real, and 1e3 for an integer),
  /// checked against range and choices. `where` is the place named in an error. Throws Error for an
  /// unknown name (with the nearest known one), a wrong type or a value out of range.
  ParameterValue checked(std::string_view name, const ParameterValue& value,
                         const std::string& where) const;

 private:
  std::vector<ParameterSpec> specs_;
};

}  // namespace epochal
