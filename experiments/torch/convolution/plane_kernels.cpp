// Which kernels this processor can run: those as wide as oneDNN's code will be.

#include "experiments/torch/convolution/plane_kernels.h"

#include <dnnl.hpp>

namespace epochal {
namespace {

bool has(dnnl::cpu_isa wanted) {
  const auto bits = static_cast<unsigned>(wanted);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & bits) == bits;
}

}  // namespace

const PlaneKernels* plane_kernels(Precision precision) {
  static const PlaneKernels avx512[] = {avx512_plane_kernels(Precision::float32),
                                        avx512_plane_kernels(Precision::bfloat16)};
  static const PlaneKernels avx2[] = {avx2_plane_kernels(Precision::float32)};
  const bool is_narrow = precision == Precision::bfloat16;
  if (has(dnnl::cpu_isa::avx512_core)) return &avx512[is_narrow ? 1 : 0];
  // Without AVX-512 oneDNN has no fast code for bfloat16.
  return has(dnnl::cpu_isa::avx2) && !is_narrow ? &avx2[0] : nullptr;
}

bool prefers_bfloat16([[maybe_unused]] std::int64_t channels) {
  if (!has(dnnl::cpu_isa::avx512_core_bf16)) return false;
#if DNNL_VERSION_MAJOR < 3  // later ones have no Winograd convolutions
  constexpr std::int64_t kMostChannels = 256;
  if (channels > kMostChannels) return has(dnnl::cpu_isa::avx512_core_amx);
#endif
  return true;
}

}  // namespace epochal
