// A merge in words.

#include "framework/app/merge_report.h"

#include <fmt/format.h>

#include "reports/human_format.h"

namespace epochal {

void print(const MergeOutcome& outcome, const std::filesystem::path& other) {
  fmt::print(stderr, "{}: {} runs added, {} brought forward, {} were here\n",
             printable(other.string()), outcome.added, outcome.replaced, outcome.kept);
  for (const std::string& remark : outcome.remarks) {
    fmt::print(stderr, "  {}\n", printable(remark));
  }
}

}  // namespace epochal
