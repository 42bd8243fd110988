// One line for each epoch.

#include "framework/app/epoch_lines.h"

#include <fmt/format.h>

#include "framework/app/run_result.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "reports/report_data.h"

namespace epochal::app {

void EpochLines::begin(const store::RunRecord& run) {
  told_[run.id] = run.epochs_done;
}

void EpochLines::tell(const store::Query& query, const store::RunRecord& run) {
  const auto [told, is_new] = told_.try_emplace(run.id, run.epochs_done);
  if (run.epochs_done <= told->second) {
    told->second = run.epochs_done;  // it may have resumed from an earlier checkpoint
    return;
  }
  const std::string name =
      report::main_metric(query.metric_names({run.id}), {run}, query.declarations());
  const store::Series series = query.series(run.id, name, told->second);
  auto point = series.begin();
  for (const store::EpochRecord& epoch : query.bare_epochs(run.id, told->second)) {
    if (epoch.number > run.epochs) break;  // of another process, which asked for more
    std::string line =
        fmt::format("run {} epoch {}/{}:", run.short_identity(), epoch.number, run.epochs);
    while (point != series.end() && point->epoch < epoch.number) ++point;
    if (point != series.end() && point->epoch == epoch.number) {
      line += fmt::format(" {} {},", name, format_number(point->value));
    }
    const std::string rate = rate_text(static_cast<double>(epoch.samples), epoch.train_seconds,
                                       words_.of(run.experiment));
    if (!rate.empty()) line += " " + rate + ",";
    print_message("{}\n", printable(line + " " + format_duration(epoch.seconds)));
    told->second = epoch.number;
  }
}

}  // namespace epochal::app
