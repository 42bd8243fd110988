// libFuzzer harness: a sweep file from a stranger. Anything but an Error is a fault.
// The first line of the input is an override, the rest is the file.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "framework/base/error.h"
#include "framework/sweep/expansion.h"
#include "tests/fuzz/memory_bound.h"

namespace {

const epochal::ExperimentInfo& experiment() {
  static const epochal::ExperimentInfo info = [] {
    epochal::ExperimentInfo made;
    made.name = "toy";
    made.schema = epochal::Schema({
        epochal::integer_parameter("size", 10, "").between(1, 1000),
        epochal::real_parameter("rate", 0.1, "").between(0, 1),
        epochal::text_parameter("kind", "a", "").one_of({"a", "b"}),
        epochal::boolean_parameter("flag", false, ""),
        epochal::path_parameter("content", "generated:x", ""),
    });
    using Kind = epochal::ReportInputSpec::Kind;
    made.report_inputs = {
        {"drawn", Kind::paths, ""}, {"how", Kind::reals, ""}, {"by", Kind::path, ""}};
    return made;
  }();
  return info;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const epochal::fuzz::MemoryBound bound(size);
  const std::size_t line = input.find('\n');
  const std::string_view given = input.substr(0, line);
  const std::string_view file = line == std::string_view::npos ? "" : input.substr(line + 1);
  try {
    epochal::Sweep sweep = epochal::parse_sweep(file, "fuzz.toml");
    if (!given.empty()) epochal::apply_overrides(sweep, {std::string(given)});
    epochal::content_hash(sweep);
    std::size_t points = sweep.seeds.size();
    for (const epochal::Axis& axis : sweep.axes) points *= axis.points.size();
    if (points > 1000) return 0;  // right, but slow
    auto runs = epochal::expand(sweep, {&experiment()});
    epochal::identify(runs, {&experiment()});
  } catch (const epochal::Error&) {  // a refusal is what strangers' files deserve
  }
  return 0;
}
