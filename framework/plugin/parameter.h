#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/parameters.h"

namespace epochal {

enum class ParameterType { boolean, integer, real, text, path };

/// What a parameter decides, and so whether it belongs to a run's identity.
enum class ParameterRole {
  result,    ///< changes what is computed: part of the identity
  location,  ///< says where inputs lie: the inputs' fingerprint stands for it in the identity
  resource,  ///< says where or how fast to compute: not part of the identity
};

std::string_view name_of(ParameterType type);

/// One declared parameter. From this one declaration come the checks of the sweep file, the
/// overrides, `epochal experiments show` and the table of the report.
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
  /// Whether it changes what the objective means, as the weight of a part of a loss does: runs that
  /// differ in it are not compared by their objective.
  bool is_part_of_objective = false;

  ParameterSpec between(double low, double high) const;
  ParameterSpec one_of(std::vector<std::string> names) const;
  ParameterSpec in(std::string unit_name) const;
  ParameterSpec as(ParameterRole new_role) const;
  ParameterSpec or_auto() const;
  ParameterSpec or_joined() const;
  ParameterSpec part_of_objective() const;

  /// A value of it as a person would type it.
  std::string text_of(const ParameterValue& value) const;
};

ParameterSpec boolean_parameter(std::string name, bool fallback, std::string doc);
ParameterSpec integer_parameter(std::string name, std::int64_t fallback, std::string doc);
ParameterSpec real_parameter(std::string name, double fallback, std::string doc);
ParameterSpec text_parameter(std::string name, std::string fallback, std::string doc);

/// A file or folder, or a `scheme:name` such as generated:scenes. Its role is location.
ParameterSpec path_parameter(std::string name, std::string fallback, std::string doc);

/// The paths of a value that may join several: "photos + generated:scenes*500" has two. A name that
/// is there, seen from `folder`, is one path even if it has " + " in it: the longest such counts.
std::vector<std::string> joined_paths(std::string_view value,
                                      const std::filesystem::path& folder = {});

/// A path with "~" or "~/" at its beginning as the home folder, as a shell has it. Throws Error
/// where there is no HOME.
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

  /// The value in the parameter's own type (an integer serves for a real, and 1e3 for an integer),
  /// checked against range
  /// and choices. `where` is the place named in an error. Throws Error for an unknown name (with
  /// the nearest known one), a wrong type or a value out of range.
  ParameterValue checked(std::string_view name, const ParameterValue& value,
                         const std::string& where) const;

 private:
  std::vector<ParameterSpec> specs_;
};

}  // namespace epochal
