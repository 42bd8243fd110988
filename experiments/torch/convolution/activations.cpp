// Memory of activations, and what is computed over whole planes of them.

#include "experiments/torch/convolution/activations.h"

#include <algorithm>
#include <cmath>

namespace epochal {
namespace {

std::size_t element_bytes(Precision precision) {
  return precision == Precision::float32 ? sizeof(float) : sizeof(std::uint16_t);
}

}  // namespace

void Activations::resize(BatchShape shape) {
  shape_ = shape;
  if (bytes() > memory_.size()) memory_.resize(bytes());
}

std::int64_t Activations::planes_per_sample() const {
  return (shape_.channels + kernels().lanes - 1) / kernels().lanes;
}

int Activations::stride() const {
  return format_.has_channels_last ? static_cast<int>(padded_channels()) : kernels().lanes;
}

std::int64_t Activations::planes_per_group() const {
  return format_.has_channels_last ? kMaxChannelsAtOnce : 1;
}

std::int64_t Activations::groups_per_sample() const {
  return (planes_per_sample() + planes_per_group() - 1) / planes_per_group();
}

std::size_t Activations::first_channel(std::int64_t number) const {
  const std::int64_t sample = number / groups_per_sample();
  const std::int64_t first_plane = number % groups_per_sample() * planes_per_group();
  return static_cast<std::size_t>(sample * padded_channels() + first_plane * kernels().lanes);
}

std::size_t Activations::offset(std::int64_t number) const {
  const auto pixels = static_cast<std::size_t>(shape_.extent.height) *
                      static_cast<std::size_t>(shape_.extent.width);
  if (!format_.has_channels_last) return first_channel(number) * pixels;
  const auto channels = static_cast<std::size_t>(padded_channels());
  const std::size_t first = first_channel(number);
  return first / channels * channels * pixels + first % channels;
}

std::byte* Activations::group(std::int64_t number) {
  return memory_.data() + offset(number) * element_bytes(format_.precision);
}

const std::byte* Activations::group(std::int64_t number) const {
  return memory_.data() + offset(number) * element_bytes(format_.precision);
}

PlaneView Activations::view(std::int64_t number) const {
  const std::int64_t first_plane = number % groups_per_sample() * planes_per_group();
  const std::int64_t planes = std::min(planes_per_group(), planes_per_sample() - first_plane);
  return {group(number), shape_.extent, stride(), static_cast<int>(planes), rectified_};
}

std::size_t Activations::bytes() const {
  return static_cast<std::size_t>(shape_.samples * padded_channels() * shape_.extent.height *
                                  shape_.extent.width) *
         element_bytes(format_.precision);
}

void for_groups(std::int64_t count, const std::function<void(std::int64_t)>& work) {
#pragma omp parallel for schedule(static)
  for (std::int64_t group = 0; group < count; ++group) work(group);
}

ChannelMoments channel_moments(const Activations& activations, double eps) {
  const auto channels =
      static_cast<std::size_t>(activations.shape().samples * activations.padded_channels());
  ChannelMoments moments{std::vector<double>(channels), std::vector<double>(channels)};
  const Extent extent = activations.shape().extent;
  const double pixels = static_cast<double>(extent.height) * extent.width;
  for_groups(activations.groups(), [&](std::int64_t group) {
    const PlaneView view = activations.view(group);
    const std::size_t first = activations.first_channel(group);
    double* const deviation = &moments.deviation[first];
    activations.kernels().moments(view, &moments.mean[first], deviation);
    for (int channel = 0; channel < view.planes * activations.kernels().lanes; ++channel) {
      deviation[channel] = std::sqrt(deviation[channel] / (pixels - 1) + eps);
    }
  });
  return moments;
}

SquaredDistance squared_distance(const Activations& activations, const Activations& target) {
  std::vector<double> parts(static_cast<std::size_t>(activations.groups()));
  for_groups(activations.groups(), [&](std::int64_t group) {
    parts[static_cast<std::size_t>(group)] =
        activations.kernels().squared_distance(activations.view(group), target.group(group));
  });
  SquaredDistance distance;
  distance.of_sample.resize(static_cast<std::size_t>(activations.shape().samples));
  const auto groups_per_sample = static_cast<std::size_t>(activations.groups_per_sample());
  for (std::size_t group = 0; group < parts.size(); ++group) {
    distance.sum += parts[group];
    distance.of_sample[group / groups_per_sample] += parts[group];
  }
  return distance;
}

}  // namespace epochal
