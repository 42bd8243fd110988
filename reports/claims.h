#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/sweep/claim.h"
#include "reports/report_data.h"

namespace epochal {

enum class Verdict { supported, refuted, undecided };

std::string_view name_of(Verdict verdict);

/// A claim with what the records say of it.
struct JudgedClaim {
  std::string text;
  Verdict verdict = Verdict::undecided;
  std::string rule;                  ///< what was asked of the numbers, in words
  std::vector<std::string> numbers;  ///< a sentence a comparison or setting
  std::vector<std::string> runs;     ///< that it rests on, in short
};

/// Judges a claim by the finished runs of a report.
///
/// decreases, increases, ratio and better_than compare the statistic (`first`, `last`, `best`,
/// `settled`) between values of one parameter, neighbour by neighbour (better_than: two of them).
/// A step is decided by a t test over seeds at the level of 5 %, corrected over the claim's steps:
/// surely inside of what was claimed it supports, surely outside it refutes, else it decides
/// nothing (reports/statistics/seed_statistics.h). It needs at least three seeds on both sides, or
/// as many as the claim says, if these are more. One refuted step refutes the claim.
///
/// converged_by, spikes and gap look into each run; of a setting all seeds must agree, else it is
/// undecided. One setting in which no seed has it refutes the claim.
///
/// Only runs that compare by the claim's metric are held against each other: of the same values of
/// the parameters that change what it means, and of the same length
/// (reports/statistics/comparable_runs.h). What is better follows from the direction that the
/// experiment declares of the metric; without one, a claim that needs it is undecided.
JudgedClaim judge(const Claim& claim, const ReportData& data);

}  // namespace epochal
