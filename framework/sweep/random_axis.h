#pragma once

// The axis of [sweep.random]. Private to framework/sweep.

#include <toml++/toml.h>

#include <string>

#include "framework/sweep/sweep.h"

namespace epochal {

/// Reads [sweep.random]: `samples`, `seed` (default 0), and for each parameter one of `uniform`,
/// `log_uniform`, `int_uniform` (both ends included) and `choice`. A value depends only on the
/// seed, the parameter's name and the sample's number: more samples or parameters change no value.
/// Real values have four significant digits, so that they can be typed and are the same everywhere.
/// Throws Error with the place.
Axis random_axis(const toml::table& random, const std::string& file);

}  // namespace epochal
