// libFuzzer harness: what a program says, from bytes to epochs. What is no message is refused;
// lines and epochs stay within their bounds; epochs come in order.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "framework/base/error.h"
#include "framework/command/epoch_collector.h"
#include "framework/command/line_splitter.h"
#include "framework/command/program_line.h"
#include "tests/fuzz/memory_bound.h"

namespace {

constexpr epochal::Epoch kLast = 20;

epochal::CommandDeclaration command() {
  epochal::CommandDeclaration command;
  command.name = "fuzzed";
  command.run = {"true"};
  for (const char* pattern :
       {R"(epoch (?P<epoch>\d+).*loss=(?P<value>\S+))", R"(accuracy (?P<value>\S+))"}) {
    epochal::CommandMetric metric;
    metric.spec.name = pattern;
    metric.pattern = pattern;
    command.metrics.push_back(metric);
  }
  return command;
}

void take(const std::string& line, epochal::EpochCollector& epochs) {
  try {
    const epochal::ProgramLine message = epochal::read_program_line(line);
    if (const auto* epoch = std::get_if<epochal::EpochLine>(&message)) epochs.take(*epoch);
  } catch (const epochal::NoMessage&) {  // a refusal is what strange lines deserve
  } catch (const epochal::Error&) {      // a client of another protocol ends its run
  }
  try {
    epochs.take_output(line);
  } catch (const epochal::NoMessage&) {  // likewise
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const epochal::CommandDeclaration declared = command();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const epochal::fuzz::MemoryBound bound(size);
  constexpr std::size_t kLongest = 256;
  epochal::LineSplitter lines(kLongest);
  epochal::EpochCollector epochs(declared, 1, kLast);
  epochal::Epoch due = 1;
  // In two parts, as a pipe may bring it.
  for (const bool is_last : {false, true}) {
    lines.add(is_last ? text.substr(size / 3) : text.substr(0, size / 3));
    if (is_last) lines.end();
    while (const auto line = lines.next()) {
      if (line->text.size() > kLongest) std::abort();
      if (line->text.find('\n') != std::string::npos) std::abort();
      take(line->text, epochs);
      while (const auto report = epochs.next()) {
        if (report->number != due++ || due > kLast + 1) std::abort();
      }
    }
  }
  epochs.end_of_program();
  while (const auto report = epochs.next()) {
    if (report->number != due++ || due > kLast + 1) std::abort();
  }
  return 0;
}
