#pragma once

#include <cstddef>

#include "experiments/torch/training/precision.h"

namespace epochal {

/// What happens to activations between two convolutions.
enum class Resampling { none, halve, twice };  ///< nothing, 2x2 maximum (sizes round up), nearest

struct Extent {
  int height = 0;
  int width = 0;
};

/// The size of a plane that has been resampled. Static, so that no copy of it which was compiled
/// for one instruction set can stand for the others.
static inline Extent resampled(Extent extent, Resampling resampling) {
  if (resampling == Resampling::halve) {
    return {(extent.height + 1) / 2, (extent.width + 1) / 2};
  }
  if (resampling == Resampling::twice) return {2 * extent.height, 2 * extent.width};
  return extent;
}

/// What a loss on a layer's activations x adds to their gradient: offset + factor * x, channel by
/// channel. Null where there is none.
struct PlaneTerms {
  const float* offset = nullptr;
  const float* factor = nullptr;
};

/// The most planes side by side: where channels are last, the planes of two cache lines.
constexpr int kMaxChannelsAtOnce = 4;

/// A plane is [H,W,lanes] of `lanes` channels of one sample. oneDNN's blocked layouts have them one
/// after the other. Where channels are last, the planes of a sample lie side by side, and those
/// that share cache lines are worked on together, row by row.
struct PlaneView {
  const void* values = nullptr;
  Extent extent;
  int stride = 0;          ///< from one pixel to the next: lanes, or all channels
  int planes = 1;          ///< side by side
  bool rectified = false;  ///< what counts is max(0, value)
};

/// The work between convolutions, on one plane or some that lie side by side; channels are counted
/// through all of these. Everything in a call has the stride of what is viewed. What a
/// convolution gave is kept as it is, and rectified where it is read: oneDNN's own ReLU turns what
/// is no number into 0, and a training that diverged would look well. A table of functions, since
/// each instruction set has its own.
struct PlaneKernels {
  int lanes;

  /// Resamples and puts one reflected pixel around. `padded` is larger by 2 each way than what is
  /// resampled. At least 2 x 2 pixels.
  void (*pad)(PlaneView plane, Resampling resampling, void* padded);

  /// The way back: from the gradient of `padded`, which is used up, to that of the values, ReLU
  /// included, with the terms of the layer's losses.
  void (*unpad)(void* padded_gradient, Resampling resampling, PlaneView plane, PlaneTerms terms,
                void* gradient);

  /// Means of the channels and sums of squared distances from them, in one pass.
  void (*moments)(PlaneView plane, double* mean, double* squares);

  /// offset + factor * x.
  void (*scale)(PlaneView plane, PlaneTerms terms, void* scaled);

  /// Sum over all channels of (x - target)^2.
  double (*squared_distance)(PlaneView plane, const void* target);

  /// Gradient of weight * (x - target)^2 / 2 and the terms, ReLU included.
  void (*distance_gradient)(PlaneView plane, const void* target, float weight, PlaneTerms terms,
                            void* gradient);
};

/// The widest that this processor has, or null where there is none for the precision.
const PlaneKernels* plane_kernels(Precision precision);

/// Whether this processor does convolutions with so many channels faster in bfloat16 than in
/// float32. Without AMX, bfloat16 has vector units alone, and Winograd's convolutions in float32
/// overtake them as the channels become more.
bool prefers_bfloat16(std::int64_t channels);

/// Compiled for one instruction set each; for plane_kernels() alone.
PlaneKernels avx512_plane_kernels(Precision precision);
PlaneKernels avx2_plane_kernels(Precision precision);

}  // namespace epochal
