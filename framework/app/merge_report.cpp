// A merge in words.

#include "framework/app/merge_report.h"

#include <fmt/format.h>

#include "reports/human_format.h"

namespace epochal {

void print(const MergeOutcome& outcome, const std::filesystem::path& other) {
  fmt::print(stderr, "{}: {} {} added, {} brought forward, {} {} here\n", printable(other.string()),
             outcome.added, outcome.added == 1 ? "run" : "runs", outcome.replaced, outcome.kept,
             outcome.kept == 1 ? "was" : "were");
  for (const std::string& remark : outcome.remarks) {
    fmt::print(stderr, "  {}\n", printable(remark));
  }
}

}  // namespace epochal
