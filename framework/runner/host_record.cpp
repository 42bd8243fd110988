// This machine as attempts record it.

#include "framework/runner/host_record.h"

#include "framework/system/host.h"

namespace epochal {

store::HostRecord host_record() {
  const Host host = probe_host();
  store::HostRecord record;
  record.name = host.name;
  record.cpu = host.cpu;
  record.cores = host.cores;
  record.memory_bytes = host.memory_bytes;
  record.os = host.os;
  if (host.gpu) {
    record.gpu = host.gpu->name;
    record.gpu_memory_bytes = host.gpu->memory_bytes;
    record.gpu_driver = host.gpu->driver;
  }
  return record;
}

}  // namespace epochal
