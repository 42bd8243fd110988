#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/sweep/claim.h"
#include "reports/report_data.h"

namespace epochal::report {

enum class Verdict { supported, refuted, undecided };

std::string_view name_of(Verdict verdict);

/// A claim with its verdict by the records.
struct JudgedClaim {
  std::string text;
  Verdict verdict = Verdict::undecided;
  std::string rule;                  ///< the test in words
  std::vector<std::string> numbers;  ///< a sentence for each comparison or setting
  std::vector<std::string> runs;     ///< short identities of the runs that were used
};

/// Judges a claim by the finished runs of a report.
///
/// decreases, increases, ratio and better_than compare the statistic (`first`, `last`, `best`,
/// `settled`) between values of one parameter, neighbour by neighbour (better_than: two of them). A
/// t test over seeds at the 5 % level, corrected over the claim's steps, decides each step: the
/// step is supported if the number is significantly inside of the claimed range, refuted if it is
/// significantly outside, and otherwise undecided (reports/statistics/seed_statistics.h). It needs
/// at least three seeds on both sides, or more if the claim says so. One refuted step refutes the
/// claim.
///
/// converged_by, spikes and gap examine each run. All seeds of a setting must agree, otherwise the
/// claim is undecided. A setting in which no seed shows it refutes the claim.
///
/// Only runs that are comparable by the claim's metric are compared: they have the same length and
/// the same values of the parameters that change what the metric means
/// (reports/statistics/comparable_runs.h). The experiment declares which values are better; without
/// that, a claim that needs it is undecided.
JudgedClaim judge(const Claim& claim, const ReportData& data);

}  // namespace epochal::report
