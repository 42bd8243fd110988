// The kernels for processors with AVX512.

namespace epochal {
namespace {
constexpr int kLanes = 16;
}
}  // namespace epochal

#include "experiments/torch/convolution/plane_kernels.inl"

namespace epochal {

PlaneKernels avx512_plane_kernels(Precision precision) {
  return kernels(precision);
}

}  // namespace epochal
