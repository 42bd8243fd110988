// Judges claims by the records.

#include "reports/claims.h"

#include <array>

#include "reports/claims/claim_scope.h"

namespace epochal::report {
namespace {

Judgement judgement_of(const ClaimScope& scope) {
  switch (scope.claim.kind) {
    case Claim::Kind::converged_by:
    case Claim::Kind::spikes:
    case Claim::Kind::settled:
    case Claim::Kind::gap:
      return judge_settings(scope);
    case Claim::Kind::power_law:
      return judge_law(scope);
    default:
      return judge_steps(scope);
  }
}

std::string noise_text(const ClaimScope& scope, const std::vector<const ReportedRun*>& runs) {
  std::vector<MeasuredRun> measured;
  for (const ReportedRun* run : runs) {
    if (const auto value = scope.statistic(*run)) measured.push_back({run, *value});
  }
  if (measured.empty()) return {};
  return "the " + scope.statistic_text() + " varies: " + noise_floor_of(measured).text();
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  // In the order of Verdict.
  constexpr std::array<std::string_view, 3> kNames{"supported", "refuted", "undecided"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

JudgedClaim judge(const Claim& claim, const ReportData& data) {
  const ClaimScope scope(claim, data);
  Judgement judgement = judgement_of(scope);
  JudgedClaim judged{claim.text,
                     judgement.verdict,
                     std::move(judgement.rule),
                     std::move(judgement.numbers),
                     noise_text(scope, judgement.runs),
                     {}};
  for (const ReportedRun* run : judgement.runs) judged.runs.push_back(run->run.short_identity());
  return judged;
}

}  // namespace epochal::report
