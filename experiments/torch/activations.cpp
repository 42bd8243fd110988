// Memory of activations, and what is computed over whole planes of them.

#include "experiments/torch/activations.h"

#include <cmath>

namespace epochal {
namespace {

std::size_t element_bytes(Precision precision) {
  return precision == Precision::float32 ? sizeof(float) : sizeof(std::uint16_t);
}

std::size_t plane_bytes(const Activations& activations) {
  const Extent extent = activations.shape().extent;
  return static_cast<std::size_t>(extent.height) * static_cast<std::size_t>(extent.width) *
         static_cast<std::size_t>(activations.kernels().lanes) *
         element_bytes(activations.precision());
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
  return (shape_.channels + kernels_->lanes - 1) / kernels_->lanes;
}

std::byte* Activations::plane(std::int64_t number) {
  return memory_.data() + static_cast<std::size_t>(number) * plane_bytes(*this);
}

const std::byte* Activations::plane(std::int64_t number) const {
  return memory_.data() + static_cast<std::size_t>(number) * plane_bytes(*this);
}

PlaneView Activations::view(std::int64_t number) const {
  return {plane(number), shape_.extent, rectified_};
}

std::size_t Activations::bytes() const {
  return static_cast<std::size_t>(planes()) * plane_bytes(*this);
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
