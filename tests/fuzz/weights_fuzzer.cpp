// libFuzzer harness: a weights file from a stranger. Anything but an Error is a fault.

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "experiments/torch/weights_file.h"
#include "framework/plugin/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = memfd_create("weights", MFD_CLOEXEC);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) return 0;
  try {
    epochal::read_weights("/proc/self/fd/" + std::to_string(file));
  } catch (const epochal::Error&) {  // a refusal is what strangers' files deserve
  }
  close(file);
  return 0;
}
