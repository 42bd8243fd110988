// Claims about the exponent of a power law.

#include <fmt/format.h>

#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "reports/claims/claim_part.h"
#include "reports/claims/levels.h"
#include "reports/statistics/power_law.h"

namespace epochal::report {
namespace {

std::string law_text(const PowerLaw& law) {
  const std::string offset = law.has_offset ? format_number(law.offset) + " + " : "";
  return fmt::format("{}{} n^({:.3f})", offset, format_number(law.factor), law.exponent);
}

ClaimPart law_part(const ClaimScope& scope, const ComparableSet& set, Judgement& judgement) {
  ClaimPart part;
  part.has_two_sides = false;
  std::vector<LawPoint> points;
  int unfinished = 0;
  for (const Level& level : levels_of(scope, set)) {
    if (part.shortcoming.empty()) part.shortcoming = shortcoming_of(scope, level);
    unfinished += level.unfinished;
    for (const auto& [seed, value] : level.statistics) points.push_back({seed, level.value, value});
    for (const ReportedRun* run : level.runs) judgement.note(*run);
  }
  const auto law = fit_power_law(points);
  part.text = set.where.empty() ? "" : set.where + ": ";
  if (!law) {
    part.text += fmt::format("no power law{}", left_out_text(unfinished, scope.moment));
    part.shortcoming = "it needs three or more values that are above 0, at numbers above 0";
    return part;
  }
  part.seeds = law->seeds;
  part.text += fmt::format("{} = {} ({}{})", scope.metric, law_text(*law),
                           seed_count_text(law->seeds), law->has_offset ? ", with an offset" : "");
  if (law->over_seeds) {
    part.comparison = comparison_of({*law->over_seeds, {}, false},
                                    {scope.claim.expected - scope.claim.tolerance,
                                     scope.claim.expected + scope.claim.tolerance});
    part.text += fmt::format(": exponent {:.3f}, 95 % interval {:.3f} to {:.3f} over seeds",
                             part.comparison->estimate, part.comparison->interval.low,
                             part.comparison->interval.high);
  }
  part.text += left_out_text(unfinished, scope.moment);
  // Each value may have enough seeds, but other ones.
  const std::size_t wanted = seeds_wanted(scope);
  if (part.shortcoming.empty() && (!part.comparison || law->seeds < wanted)) {
    part.shortcoming = fmt::format("too few seeds to judge: fewer than {} are at every {}", wanted,
                                   printable(scope.over, 80));
  }
  return part;
}

}  // namespace

Judgement judge_law(const ClaimScope& scope) {
  Judgement judgement;
  judgement.rule = fmt::format("the {} follows a power law of {}, n^b with b from {} to {}",
                               scope.statistic_text(), scope.over,
                               format_number(scope.claim.expected - scope.claim.tolerance),
                               format_number(scope.claim.expected + scope.claim.tolerance));
  const ComparableRuns comparable = comparable_runs(scope.data, scope.metric, scope.moment);
  if (const std::string why = scope.obstacle(comparable); !why.empty()) {
    return judgement.undecided(why);
  }
  std::vector<ClaimPart> parts;
  for (const ComparableSet& set : comparable.sets) {
    if (levels_of(scope, set).size() > 1) parts.push_back(law_part(scope, set, judgement));
  }
  if (parts.empty()) return judgement.undecided(scope.why_nothing_to_compare(comparable));
  conclude(parts, "laws", judgement);
  return judgement;
}

}  // namespace epochal::report
