#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "experiments/torch/aligned_vector.h"
#include "experiments/torch/plane_kernels.h"

namespace epochal {

/// [N,C,H,W], the sizes of a batch of activations.
struct BatchShape {
  std::int64_t samples = 0;
  std::int64_t channels = 0;
  Extent extent;
};

/// Numbers per sample and channel, [N,C] with C rounded up to whole planes.
using ChannelValues = std::vector<float>;

/// Activations [N,C,H,W] as [N,C/lanes,H,W,lanes], the layout that oneDNN's vector code works on
/// and of which PlaneKernels take one plane at a time. Channels are rounded up, with zeros.
/// Memory is kept when the shape changes, so that steps of one size allocate nothing.
class Activations {
 public:
  Activations(const PlaneKernels& kernels, Precision precision)
      : kernels_(&kernels), precision_(precision) {}

  /// Values are then of no meaning, also those of the channels that fill up.
  void resize(BatchShape shape);

  const BatchShape& shape() const { return shape_; }
  Precision precision() const { return precision_; }
  const PlaneKernels& kernels() const { return *kernels_; }

  std::int64_t planes_per_sample() const;
  std::int64_t planes() const { return shape_.samples * planes_per_sample(); }
  /// Channels with those that fill up.
  std::int64_t padded_channels() const { return planes_per_sample() * kernels_->lanes; }

  std::byte* plane(std::int64_t number);
  const std::byte* plane(std::int64_t number) const;
  PlaneView view(std::int64_t plane) const;
  /// Whether values are to be seen through a ReLU.
  void set_rectified(bool rectified) { rectified_ = rectified; }

  std::byte* data() { return memory_.data(); }
  std::size_t bytes() const;

 private:
  const PlaneKernels* kernels_;
  Precision precision_;
  BatchShape shape_;
  bool rectified_ = false;
  AlignedVector<std::byte> memory_;  ///< never shrinks
};

/// Calls work(plane) for planes 0 … count-1, on all threads of this one's OpenMP team.
void for_planes(std::int64_t count, const std::function<void(std::int64_t)>& work);

/// Means and standard deviations [N,C] of the pixels of each channel: unbiased variance, plus `eps`
/// under the root.
struct ChannelMoments {
  std::vector<double> mean;
  std::vector<double> deviation;
};
ChannelMoments channel_moments(const Activations& activations, double eps);

/// Sum of (x - target)^2 over all values of two activations of one shape; the target is not
/// rectified.
double squared_distance(const Activations& activations, const Activations& target);

}  // namespace epochal
