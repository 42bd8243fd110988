// libFuzzer harness: what sbatch and squeue answer, which clusters wrap as they like. The number of
// a job is one, and a line of chatter takes no task away.

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "framework/base/error.h"
#include "framework/executor/slurm_answers.h"
#include "tests/fuzz/memory_bound.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string answer(reinterpret_cast<const char*>(data), size);
  const epochal::fuzz::MemoryBound bound(size);
  try {
    const std::string job = epochal::job_id_in(answer);
    const bool is_number = !job.empty() && std::all_of(job.begin(), job.end(), [](unsigned char c) {
      return std::isdigit(c) != 0;
    });
    if (!is_number) std::abort();
  } catch (const epochal::Error&) {  // a refusal is what such an answer deserves
  }
  const auto states = epochal::task_states_in(answer);
  if (epochal::task_states_in("sinfo: partition is busy\n" + answer) != states) std::abort();
  return 0;
}
