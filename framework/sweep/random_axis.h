#pragma once

// The axis of [sweep.random]. Private to framework/sweep.

#include <toml++/toml.h>

#include <string>

#include "framework/sweep/sweep.h"

namespace epochal {

/// Reads [sweep.random]: `samples`, `seed` (default 0), `sequence`, and for each parameter one of
/// `uniform`, `log_uniform`, `int_uniform` (both ends included) and `choice`. By `sequence`:
/// - "random" (default): a value depends only on the seed, the parameter's name and the sample's
///   number. More samples or parameters change no value.
/// - "sobol": the scrambled points of sobol_points(), whose dimensions are the parameters in the
///   file's order. More samples change no value, nor do more parameters after the others.
/// - "latin": a Latin hypercube of all samples; a value also depends on their number.
/// Real values have four significant digits, so that they can be typed and are the same everywhere.
/// Throws Error with the place.
Axis random_axis(const toml::table& random, const std::string& file);

}  // namespace epochal
