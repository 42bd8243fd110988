// libFuzzer harness: what `epochal run` and its workers tell each other: orders, answers, and the
// options and stop rules on the command line. What is written is read as it was meant; of what is
// none of them anything but an Error is a fault.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "framework/base/error.h"
#include "framework/executor/worker_channel.h"
#include "framework/runner/work_options.h"
#include "framework/sweep/stop_rules.h"
#include "tests/fuzz/memory_bound.h"

namespace {

void check_order(const std::string& text) {
  try {
    epochal::worker_order(text);
  } catch (const epochal::Error&) {  // a refusal is what strange lines deserve
  }
  const epochal::WorkerOrder order{epochal::store::RunId{7}, text};
  std::string line = epochal::to_line(order);
  if (line.find('\n') != line.size() - 1) std::abort();
  line.pop_back();
  if (epochal::worker_order(line) != order) std::abort();
}

void check_answers(std::string heard) {
  constexpr int kInternalError = 70;
  while (!heard.empty()) {
    const bool is_chatter = heard.front() < '-' || heard.front() > '9';
    const auto answer = epochal::take_answer(heard);
    if (!answer) return;
    if (is_chatter && *answer != kInternalError) std::abort();
  }
}

void check_stop_rules(const std::string& text) {
  try {
    const std::string written = epochal::to_text(epochal::stop_rules(text));
    if (epochal::to_text(epochal::stop_rules(written)) != written) std::abort();
  } catch (const epochal::Error&) {  // likewise
  }
}

void check_work_options(const std::string& text) {
  try {
    const std::string written = epochal::to_text(epochal::work_options(text));
    if (epochal::to_text(epochal::work_options(written)) != written) std::abort();
  } catch (const epochal::Error&) {  // likewise
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const epochal::fuzz::MemoryBound bound(size);
  check_order(text);
  check_answers(text);
  check_stop_rules(text);
  check_work_options(text);
  return 0;
}
