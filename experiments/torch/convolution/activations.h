#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "experiments/torch/convolution/aligned_vector.h"
#include "experiments/torch/convolution/plane_kernels.h"

namespace epochal {

/// [N,C,H,W], the sizes of a batch of activations.
struct BatchShape {
  std::int64_t samples = 0;
  std::int64_t channels = 0;
  Extent extent;
};

/// Numbers per sample and channel, [N,C] with C rounded up to whole planes.
using ChannelValues = std::vector<float>;

/// How activations [N,C,H,W] lie in memory, C rounded up to whole planes: as [N,C/lanes,H,W,lanes],
/// which oneDNN's vector code works on, or as [N,H,W,C], for its matrix units.
struct ActivationFormat {
  const PlaneKernels* kernels = nullptr;
  Precision precision = Precision::float32;
  bool has_channels_last = false;
};

/// Activations [N,C,H,W], of which PlaneKernels take a group at a time: one plane, or some that lie
/// side by side. Channels that fill up are zeros. Memory is kept when the shape changes, so that
/// steps of one size allocate nothing.
class Activations {
 public:
  explicit Activations(const ActivationFormat& format) : format_(format) {}

  /// Values are then of no meaning, also those of the channels that fill up.
  void resize(BatchShape shape);

  const BatchShape& shape() const { return shape_; }
  const ActivationFormat& format() const { return format_; }
  const PlaneKernels& kernels() const { return *format_.kernels; }

  std::int64_t planes_per_sample() const;
  std::int64_t groups_per_sample() const;
  std::int64_t groups() const { return shape_.samples * groups_per_sample(); }
  /// Channels with those that fill up.
  std::int64_t padded_channels() const { return planes_per_sample() * kernels().lanes; }

  std::byte* group(std::int64_t number);
  const std::byte* group(std::int64_t number) const;
  PlaneView view(std::int64_t group) const;
  /// Where the channels of a group begin in [N,C].
  std::size_t first_channel(std::int64_t group) const;
  /// From one pixel of a plane to the next.
  int stride() const;
  /// Whether values are to be seen through a ReLU.
  void set_rectified(bool rectified) { rectified_ = rectified; }

  std::byte* data() { return memory_.data(); }
  const std::byte* data() const { return memory_.data(); }
  std::size_t bytes() const;

 private:
  std::int64_t planes_per_group() const;
  /// Of a group's first value.
  std::size_t offset(std::int64_t group) const;

  ActivationFormat format_;
  BatchShape shape_;
  bool rectified_ = false;
  AlignedVector<std::byte> memory_;  ///< never shrinks
};

/// Calls work(group) for groups 0 … count-1, on all threads of this one's OpenMP team.
void for_groups(std::int64_t count, const std::function<void(std::int64_t)>& work);

/// Means and standard deviations [N,C] of the pixels of each channel: unbiased variance, plus `eps`
/// under the root.
struct ChannelMoments {
  std::vector<double> mean;
  std::vector<double> deviation;
};
ChannelMoments channel_moments(const Activations& activations, double eps);

/// Sum of (x - target)^2 over all values of two activations of one shape, and over those of each
/// sample; the target is not rectified.
struct SquaredDistance {
  double sum = 0;
  std::vector<double> of_sample;
};
SquaredDistance squared_distance(const Activations& activations, const Activations& target);

}  // namespace epochal
