// The epoch at which a run has made a number of steps.

#include "reports/statistics/moment.h"

#include <fmt/format.h>

#include <string_view>

#include "framework/base/human_format.h"
#include "reports/run_state.h"

namespace epochal::report {

std::string Moment::text() const {
  if (steps) return " at step " + format_count(*steps);
  if (images) return fmt::format(" at {} images", format_count(*images));
  return {};
}

std::string Moment::condition_text() const {
  return fmt::format("comes to{} and has an epoch that ends by {}",
                     text().substr(std::string_view(" at").size()), steps ? "it" : "them");
}

Moment moment_of(const Claim& claim) {
  return {claim.at_step, claim.at_images};
}

std::optional<Epoch> epoch_at(const ReportedRun& run, const Moment& moment) {
  if (moment.is_end()) {
    return is_unfinished(run) ? std::nullopt : std::optional(run.run.epochs_done);
  }
  return store::epoch_at(run.epochs, {moment.steps, moment.images});
}

store::Series up_to(const store::Series& series, Epoch last) {
  store::Series part;
  for (const store::SeriesPoint& point : series) {
    if (point.epoch <= last) part.push_back(point);
  }
  return part;
}

}  // namespace epochal::report
