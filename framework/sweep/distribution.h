#pragma once

// What [sweep.random] and [sweep.search] declare of one parameter. Private to framework/sweep.

#include <toml++/toml.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace epochal {

/// The distribution of one parameter: its name and its array.
struct Distribution {
  std::string kind;  ///< "uniform", "log_uniform", "int_uniform" or "choice"
  const toml::array* values;
  std::string where;
};

/// Reads `{ uniform = [LOW, HIGH] }` and the like; `also` is another key that the table may have.
/// Throws Error with the place.
Distribution distribution(const toml::key& name, const toml::node& node, const std::string& file,
                          std::string_view also = {});

/// LOW and HIGH of a range, as reals. Throws Error with the place.
std::array<double, 2> bounds(const Distribution& distribution);

/// LOW and HIGH of int_uniform. Throws Error with the place.
std::array<std::int64_t, 2> whole_bounds(const Distribution& distribution);

/// Rounded to four significant digits, so that it can be typed and is the same everywhere.
double with_four_digits(double value);

}  // namespace epochal
