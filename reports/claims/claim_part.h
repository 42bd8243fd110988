#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/claims/claim_scope.h"
#include "reports/statistics/seed_statistics.h"

namespace epochal::report {

/// One test of a claim, before the correction over all of its tests: two neighbouring values of a
/// parameter, or one setting.
struct ClaimPart {
  std::string text;
  std::string shortcoming;                   ///< why it decides nothing; empty if it can decide
  std::optional<SeedComparison> comparison;  ///< decides by its p values
  std::optional<Verdict> direct;             ///< decided without a p value
  std::size_t seeds = 0;                     ///< on a side of the comparison
  bool has_two_sides = true;

  bool may_decide() const { return comparison && shortcoming.empty(); }
};

/// Adds the parts' sentences to the judgement and its verdict. Tests with p values share the 5 %
/// level by Holm's correction, so that many of them do not find a difference by chance. One refuted
/// part refutes the claim; all must support it.
void conclude(const std::vector<ClaimPart>& parts, std::string_view part_word,
              Judgement& judgement);

/// "; 1 unfinished run is left out", or "; 2 runs that do not come to step 1,000, or have no epoch
/// that ends by then, are left out"; empty if there is none.
std::string left_out_text(int runs, const Moment& moment);

/// "3 seeds".
std::string seed_count_text(std::size_t count);

/// "5 %", with three digits.
std::string share_text(double share);

}  // namespace epochal::report
