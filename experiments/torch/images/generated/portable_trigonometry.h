#pragma once

namespace epochal {

/// Sine and cosine of an angle in radians, within 1e-9, from additions and multiplications alone:
/// IEEE 754 gives these the same bits on every machine, while a C library's own sine may change
/// with its version and the processor. Angles up to 1e6 in size.
double portable_sin(double radians);
double portable_cos(double radians);

}  // namespace epochal
