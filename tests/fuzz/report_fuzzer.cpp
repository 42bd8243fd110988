// libFuzzer harness: the report of a stranger's store, as HTML and as Markdown. What the rows say
// must not become markup. gnuplot's scripts are written, but not run: the process that would draw
// them is stood in for below.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "db/query.h"
#include "framework/sweep/sweep.h"
#include "framework/system/child_process.h"
#include "reports/page/report.h"
#include "tests/fuzz/hostile_store.h"
#include "tests/fuzz/memory_bound.h"
#include "tests/support/temporary_folder.h"

namespace epochal {

// In place of the library's: a program's own symbols come before those of its libraries. Starting a
// process for each input would take a hundred times as long as all the rest.
ChildProcess::ChildProcess(const ProcessStart& start) {
  for (const auto& entry : std::filesystem::directory_iterator(start.directory)) {
    std::filesystem::path drawn = entry.path();
    if (drawn.extension() != ".gp") continue;
    test::write_file(drawn.replace_extension(".svg"), "<svg/>");
    test::write_file(drawn.replace_extension(".png"), "");
  }
}
ChildProcess::~ChildProcess() = default;
ProcessEnd ChildProcess::wait() {
  return {};
}

}  // namespace epochal

namespace {

namespace fs = std::filesystem;
using epochal::fuzz::attempt;

// A claim of each kind.
constexpr std::string_view kSweep = R"toml(
name = "quick"
experiment = "noop"
epochs = 2
[params]
gamma = 0.5
[[claim]]
text = "More is better"
kind = "decreases"
over = "gamma"
[[claim]]
text = "Less is better"
kind = "increases"
over = "gamma"
statistic = "best"
[[claim]]
text = "It halves"
kind = "ratio"
over = "gamma"
expected = 0.5
tolerance = 0.1
[[claim]]
text = "It has settled"
kind = "converged_by"
epoch = 1
tolerance = 0.1
[[claim]]
text = "It jumps"
kind = "spikes"
height = 1.5
[[claim]]
text = "It overfits"
kind = "gap"
at_most = 0.1
[[claim]]
text = "It makes no difference"
kind = "equal_within"
over = "gamma"
tolerance = 0.1
[[claim]]
text = "It makes no difference at the first step"
kind = "equal_within"
over = "gamma"
margin = 1
at_step = 1
[[claim]]
text = "It follows a law"
kind = "power_law"
over = "gamma"
expected = -0.5
[[claim]]
text = "It stays where it is"
kind = "settled"
epoch = 1
[[claim]]
text = "It stays there sooner"
kind = "decreases"
over = "gamma"
statistic = "settled"
[[claim]]
text = "Half beats one and a half"
kind = "better_than"
over = "gamma"
value = 0.5
than = 1.5
)toml";

/// What the plugin would say of a parameter whose values the store has.
std::map<std::string, epochal::ParameterSpec> specs() {
  std::map<std::string, epochal::ParameterSpec> specs;
  for (const epochal::ParameterSpec& spec :
       {epochal::real_parameter("gamma", 0.5, "weight"), epochal::integer_parameter("size", 1, ""),
        epochal::boolean_parameter("flip", false, ""),
        epochal::path_parameter("content", "generated:x", "")}) {
    specs.emplace(spec.name, spec);
  }
  return specs;
}

/// The seeds write it into every column: as markup, "<mark" would follow no backslash.
bool has_markup(const std::string& page) {
  for (std::size_t at = page.find("<mark"); at != std::string::npos;
       at = page.find("<mark", at + 1)) {
    if (at == 0 || page[at - 1] != '\\') return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<epochal::Claim> claims =
      epochal::parse_sweep(kSweep, "fuzz.toml").claims;
  const fs::path store = epochal::fuzz::hostile_store({reinterpret_cast<const char*>(data), size});
  const fs::path folder = store.parent_path() / "report";
  const epochal::fuzz::MemoryBound bound(size);
  attempt([&] {
    const epochal::store::Query query(store);
    epochal::report::ReportData report =
        epochal::report::read_report_data(query, query.runs(), "gamma", claims);
    report.parameter_specs = specs();
    report.title = report.experiment;
    epochal::report::write_report(report, folder);
    for (const char* page : {"index.html", "report.md"}) {
      if (has_markup(epochal::test::read_file(folder / page))) {
        std::fprintf(stderr, "there is markup of the store's in %s\n", page);
        std::abort();
      }
    }
  });
  return 0;
}
