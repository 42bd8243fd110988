// Memory of activations, and what is computed over whole planes of them.

#include "experiments/torch/activations.h"

#include <cmath>

namespace epochal {
namespace {

std::size_t element_bytes(Precision precision) {
  return precision == Precision::float32 ? sizeof(float) : sizeof(std::uint16_t);
}

std::size_t first_channel(const Activations& activations, std::int64_t plane) {
  return static_cast<std::size_t>(plane * activations.kernels().lanes);
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

std::size_t Activations::offset(std::int64_t number) const {
  const std::int64_t pixels = std::int64_t{shape_.extent.height} * shape_.extent.width;
  if (!format_.has_channels_last) {
    return static_cast<std::size_t>(number * pixels * kernels().lanes);
  }
  const std::int64_t sample = number / planes_per_sample();
  const std::int64_t block = number % planes_per_sample();
  return static_cast<std::size_t>(sample * pixels * padded_channels() + block * kernels().lanes);
}

std::byte* Activations::plane(std::int64_t number) {
  return memory_.data() + offset(number) * element_bytes(format_.precision);
}

const std::byte* Activations::plane(std::int64_t number) const {
  return memory_.data() + offset(number) * element_bytes(format_.precision);
}

PlaneView Activations::view(std::int64_t number) const {
  return {plane(number), shape_.extent, stride(), rectified_};
}

std::size_t Activations::bytes() const {
  return static_cast<std::size_t>(planes() * shape_.extent.height * shape_.extent.width *
                                  kernels().lanes) *
         element_bytes(format_.precision);
}

void for_planes(std::int64_t count, const std::function<void(std::int64_t)>& work) {
#pragma omp parallel for schedule(static)
  for (std::int64_t plane = 0; plane < count; ++plane) work(plane);
}

ChannelMoments channel_moments(const Activations& activations, double eps) {
  const auto channels =
      static_cast<std::size_t>(activations.shape().samples * activations.padded_channels());
  ChannelMoments moments{std::vector<double>(channels), std::vector<double>(channels)};
  const Extent extent = activations.shape().extent;
  const double pixels = static_cast<double>(extent.height) * extent.width;
  for_planes(activations.planes(), [&](std::int64_t plane) {
    const std::size_t first = first_channel(activations, plane);
    double* const deviation = &moments.deviation[first];
    activations.kernels().moments(activations.view(plane), &moments.mean[first], deviation);
    for (int lane = 0; lane < activations.kernels().lanes; ++lane) {
      deviation[lane] = std::sqrt(deviation[lane] / (pixels - 1) + eps);
    }
  });
  return moments;
}

double squared_distance(const Activations& activations, const Activations& target) {
  std::vector<double> parts(static_cast<std::size_t>(activations.planes()));
  for_planes(activations.planes(), [&](std::int64_t plane) {
    parts[static_cast<std::size_t>(plane)] =
        activations.kernels().squared_distance(activations.view(plane), target.plane(plane));
  });
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

}  // namespace epochal
