// Compares two runs bit by bit.

#include "framework/runner/run_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <set>

namespace epochal {
namespace {

bool same_bits(double a, double b) {
  // The store keeps only one NaN: the payload does not matter.
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

double relative_distance(double a, double b) {
  if (same_bits(a, b)) return 0;
  if (!std::isfinite(a) || !std::isfinite(b)) return std::numeric_limits<double>::infinity();
  const double size = std::max(std::abs(a), std::abs(b));
  return size > 0 ? std::abs(a - b) / size : 0;
}

std::set<std::string> metrics_of(const std::vector<store::EpochRecord>& epochs) {
  std::set<std::string> names;
  for (const store::EpochRecord& epoch : epochs) {
    for (const auto& [name, value] : epoch.metrics) names.insert(name);
  }
  return names;
}

/// `in_both`: the metrics that both runs measure, if not after every epoch.
EpochComparison compare(const store::EpochRecord& original, const store::EpochRecord& again,
                        const std::set<std::string>& in_both) {
  constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
  std::set<std::string> names;
  for (const auto& [name, value] : original.metrics) names.insert(name);
  for (const auto& [name, value] : again.metrics) names.insert(name);

  EpochComparison result;
  result.number = original.number;
  result.is_equal = true;
  for (const std::string& name : names) {
    const auto a = original.metrics.find(name);
    const auto b = again.metrics.find(name);
    const bool are_measured = a != original.metrics.end() && b != again.metrics.end();
    if (!are_measured && in_both.contains(name)) {
      result.measured_once.push_back(name);
      continue;
    }
    const double value = a == original.metrics.end() ? kMissing : a->second;
    const double other = b == again.metrics.end() ? kMissing : b->second;
    if (are_measured && same_bits(value, other)) continue;
    result.is_equal = false;
    const double distance =
        are_measured ? relative_distance(value, other) : std::numeric_limits<double>::infinity();
    if (!result.furthest_metric.empty() && distance <= result.relative_distance) continue;
    result.furthest_metric = name;
    result.original = value;
    result.again = other;
    result.relative_distance = distance;
  }
  return result;
}

std::map<std::string, std::string> checkpoint_hashes(
    const std::vector<store::ArtifactRecord>& artifacts, Epoch epoch) {
  std::map<std::string, std::string> hashes;
  for (const store::ArtifactRecord& artifact : artifacts) {
    if (artifact.kind == store::ArtifactRecord::Kind::checkpoint && artifact.epoch == epoch) {
      hashes[artifact.name] = artifact.sha256;
    }
  }
  return hashes;
}

}  // namespace

std::vector<EpochComparison> compare_epochs(const std::vector<store::EpochRecord>& original,
                                            const std::vector<store::EpochRecord>& again) {
  const std::set<std::string> of_again = metrics_of(again);
  std::set<std::string> in_both;
  for (const std::string& name : metrics_of(original)) {
    if (of_again.contains(name)) in_both.insert(name);
  }
  std::vector<EpochComparison> comparisons;
  // Both are sorted.
  auto other = again.begin();
  for (const store::EpochRecord& epoch : original) {
    while (other != again.end() && other->number < epoch.number) ++other;
    if (other == again.end()) break;
    if (other->number == epoch.number) comparisons.push_back(compare(epoch, *other, in_both));
  }
  return comparisons;
}

CheckpointComparison compare_checkpoints(const std::vector<store::ArtifactRecord>& original,
                                         const std::vector<store::ArtifactRecord>& again) {
  CheckpointComparison comparison;
  for (const store::ArtifactRecord& artifact : original) {
    if (artifact.kind != store::ArtifactRecord::Kind::checkpoint || !artifact.epoch) continue;
    if (checkpoint_hashes(again, *artifact.epoch).empty()) continue;
    comparison.epoch = std::max(comparison.epoch.value_or(0), *artifact.epoch);
  }
  if (!comparison.epoch) return comparison;
  const auto others = checkpoint_hashes(again, *comparison.epoch);
  for (const auto& [name, hash] : checkpoint_hashes(original, *comparison.epoch)) {
    const auto other = others.find(name);
    const bool is_equal = other != others.end() && other->second == hash;
    (is_equal ? comparison.equal : comparison.different).push_back(name);
  }
  return comparison;
}

std::vector<std::string> environment_differences(const store::RunRecord& original,
                                                 const store::AttemptRecord& original_attempt,
                                                 const store::RunRecord& again,
                                                 const store::AttemptRecord& attempt_again) {
  std::vector<std::string> differences;
  const auto compare_texts = [&](const std::string& what, const std::string& a,
                                 const std::string& b) {
    if (a == b) return;
    differences.push_back(
        fmt::format("{}: {}, then {}", what, a.empty() ? "none" : a, b.empty() ? "none" : b));
  };
  using Texts = std::map<std::string, std::string>;
  const auto compare_maps = [&](const Texts& one, const Texts& other) {
    std::set<std::string> names;
    for (const Texts* texts : {&one, &other}) {
      for (const auto& [name, text] : *texts) names.insert(name);
    }
    const auto text_in = [](const Texts& texts, const std::string& name) {
      const auto found = texts.find(name);
      return found == texts.end() ? std::string() : found->second;
    };
    for (const std::string& name : names) {
      compare_texts(name, text_in(one, name), text_in(other, name));
    }
  };
  const Host& a = original_attempt.host;
  const Host& b = attempt_again.host;
  compare_texts("epochal", original.code_version, again.code_version);
  const bool builds_are_known = !original_attempt.build.empty() && !attempt_again.build.empty();
  if (builds_are_known) {
    compare_texts("build of the experiment", original_attempt.build.substr(0, 12),
                  attempt_again.build.substr(0, 12));
  }
  const auto sources = [](const store::AttemptRecord& attempt) {
    const store::Provenance& provenance = attempt.provenance;
    return provenance.git_commit.substr(0, 12) + (provenance.git_is_dirty ? " with changes" : "");
  };
  // Missing sources are not a difference: the runs may have been started in different folders.
  const bool are_known = !original_attempt.provenance.git_commit.empty() &&
                         !attempt_again.provenance.git_commit.empty();
  if (are_known) compare_texts("git", sources(original_attempt), sources(attempt_again));
  compare_texts("host", a.name, b.name);
  compare_texts("CPU", a.cpu, b.cpu);
  compare_texts("cores", std::to_string(a.cores), std::to_string(b.cores));
  compare_texts("GPU", a.gpu, b.gpu);
  compare_texts("GPU driver", a.gpu_driver, b.gpu_driver);
  compare_texts("operating system", a.os, b.os);
  compare_texts("device", original_attempt.device, attempt_again.device);
  compare_texts("threads", std::to_string(original_attempt.threads),
                std::to_string(attempt_again.threads));
  compare_maps(original_attempt.provenance.environment, attempt_again.provenance.environment);
  compare_maps(original_attempt.libraries, attempt_again.libraries);
  return differences;
}

}  // namespace epochal
