// Decides the tests of a claim together.

#include "reports/claims/claim_part.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/human_format.h"
#include "reports/statistics/seeds_needed.h"

namespace epochal::report {
namespace {

constexpr double kLevel = 0.05;

/// One refuted part refutes the claim; all parts must support it.
Verdict together(const std::vector<Verdict>& parts) {
  if (parts.empty()) return Verdict::undecided;
  if (std::ranges::find(parts, Verdict::refuted) != parts.end()) return Verdict::refuted;
  return std::ranges::find(parts, Verdict::undecided) != parts.end() ? Verdict::undecided
                                                                     : Verdict::supported;
}

std::string p_text(double p) {
  return p < 0.001 ? "p < 0.001" : fmt::format("p {:.2g}", p);
}

double smaller_p(const SeedComparison& comparison) {
  return std::min(comparison.p_inside, comparison.p_outside);
}

std::string sentence_without_verdict(const ClaimPart& part) {
  std::string text = part.text + "; " + part.shortcoming;
  if (part.comparison && part.seeds > 1 && part.seeds < kFewestSeeds) {
    text += "; " + more_seeds_text(*part.comparison, part.seeds, kLevel, part.has_two_sides);
  }
  return text;
}

}  // namespace

std::string left_out_text(int runs, const Moment& moment) {
  if (runs == 0) return {};
  if (moment.is_end()) {
    return fmt::format("; {} unfinished run{} left out", runs, runs == 1 ? " is" : "s are");
  }
  const std::string of_moment = moment.text().substr(std::string_view(" at ").size());
  return runs == 1 ? fmt::format(
                         "; 1 run that does not come to {}, or has no epoch that ends by "
                         "then, is left out",
                         of_moment)
                   : fmt::format(
                         "; {} runs that do not come to {}, or have no epoch that ends by "
                         "then, are left out",
                         runs, of_moment);
}

std::string seed_count_text(std::size_t count) {
  return fmt::format("{} seed{}", count, count == 1 ? "" : "s");
}

std::string share_text(double share) {
  return fmt::format("{:.3g} %", 100 * share);
}

void conclude(const std::vector<ClaimPart>& parts, std::string_view part_word,
              Judgement& judgement) {
  std::vector<double> p_values;
  for (const ClaimPart& part : parts) {
    if (part.may_decide()) p_values.push_back(smaller_p(*part.comparison));
  }
  const std::vector<double> adjusted = holm(p_values);
  std::vector<Verdict> verdicts;
  std::size_t tested = 0;
  for (const ClaimPart& part : parts) {
    if (!part.may_decide()) {
      const bool is_open = !part.direct;
      judgement.numbers.push_back(
          is_open && !part.shortcoming.empty() ? sentence_without_verdict(part) : part.text);
      verdicts.push_back(part.direct.value_or(Verdict::undecided));
      continue;
    }
    const double p = adjusted[tested++];
    std::string text =
        part.text + fmt::format("; {}{}", p_text(p),
                                adjusted.size() > 1 ? fmt::format(" after Holm over {} {}",
                                                                  adjusted.size(), part_word)
                                                    : "");
    const bool is_inside = part.comparison->p_inside <= part.comparison->p_outside;
    verdicts.push_back(p > kLevel  ? Verdict::undecided
                       : is_inside ? Verdict::supported
                                   : Verdict::refuted);
    if (p > kLevel) {
      const double level = kLevel / static_cast<double>(adjusted.size());
      text += "; " + more_seeds_text(*part.comparison, part.seeds, level, part.has_two_sides);
    }
    judgement.numbers.push_back(std::move(text));
  }
  judgement.verdict = together(verdicts);
}

}  // namespace epochal::report
