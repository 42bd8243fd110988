// Prints what a merge did.

#include "framework/app/merge_report.h"

#include <fmt/format.h>

#include "framework/base/message.h"
#include "framework/base/printable.h"

namespace epochal::app {

void print_outcome(const store::MergeOutcome& outcome, const std::filesystem::path& other) {
  print_message("{}: {} {} added, {} updated, {} {} here\n", printable(other.string()),
                outcome.added, outcome.added == 1 ? "run" : "runs", outcome.replaced, outcome.kept,
                outcome.kept == 1 ? "was" : "were");
  for (const std::string& remark : outcome.remarks) {
    print_message("  {}\n", printable(remark));
  }
}

}  // namespace epochal::app
