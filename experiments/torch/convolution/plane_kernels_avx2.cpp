// The kernels for processors with AVX2.

namespace epochal {
namespace {
constexpr int kLanes = 8;
}
}  // namespace epochal

#include "experiments/torch/convolution/plane_kernels.inl"

namespace epochal {

PlaneKernels avx2_plane_kernels(Precision precision) {
  return kernels(precision);
}

}  // namespace epochal
