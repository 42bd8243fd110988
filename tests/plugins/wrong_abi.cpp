// A plugin of another ABI. Its info would crash whoever calls it before looking at the number.

#include <cstdint>
#include <cstdlib>

extern "C" const std::uint32_t epochal_plugin_abi = 999'999;
extern "C" const void* epochal_plugin_info() {
  std::abort();
}
