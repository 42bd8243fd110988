#pragma once

#include <cstdint>
#include <string_view>

#include "experiments/adain/network.h"

namespace epochal::adain {

/// The weights that a decoder starts from.
enum class Initialisation {
  scaled,   ///< weights N(0, 1/fan_in), biases 0, that of the last layer 0.5: a grey picture
  pytorch,  ///< nn.Conv2d's default: weights and biases uniform in ±1/sqrt(fan_in)
  he,       ///< weights N(0, 2/fan_in), biases 0 (He et al. 2015)
};

/// By its name as above. Any other name is a programming error (std::logic_error).
Initialisation initialisation_of(std::string_view name);

/// Draws the weights from `seed` alone.
void initialise_decoder(Decoder& decoder, Initialisation kind, std::uint64_t seed);

}  // namespace epochal::adain
