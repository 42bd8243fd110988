#pragma once

namespace epochal {

/// What activations are kept and multiplied in. Sums, losses, weights and the optimiser are float32
/// or wider either way.
enum class Precision { float32, bfloat16 };

constexpr const char* name_of(Precision precision) {
  return precision == Precision::float32 ? "float32" : "bfloat16";
}

}  // namespace epochal
