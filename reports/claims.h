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
  std::string
      noise_floor;  ///< of the claim's number: see NoiseFloor::text(); empty if no run is used
  std::vector<std::string> runs;  ///< short identities of the runs that were used
};

/// Judges a claim by the finished runs of a report, or, if it names a step or a number of images,
/// by all runs that have come that far.
///
/// decreases, increases, equal_within, ratio and better_than compare the statistic (`first`,
/// `last`, `best`, `settled`) between values of one parameter, neighbour by neighbour (better_than:
/// two of them). A t test over seeds decides each step (reports/statistics/seed_statistics.h): the
/// step is supported if the number is significantly inside of the claimed range, refuted if it is
/// significantly outside, and otherwise undecided. It needs at least three seeds on both sides, or
/// more if the claim says so. power_law does the same with the exponent of each set of comparable
/// runs.
///
/// converged_by, spikes, settled and gap examine each setting. From three seeds on, a t test over
/// them decides, but for spikes. With fewer, each run must show it beyond its own noise.
///
/// The tests of a claim share the 5 % level. One that is refuted refutes the claim.
///
/// Only runs that are comparable by the claim's metric are compared: they have the same length and
/// the same values of the parameters that change what the metric means
/// (reports/statistics/comparable_runs.h). The experiment declares which values are better; without
/// that, a claim that needs it is undecided.
JudgedClaim judge(const Claim& claim, const ReportData& data);

}  // namespace epochal::report
