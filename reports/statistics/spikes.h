#pragma once

#include <optional>
#include <vector>

#include "framework/base/metric.h"
#include "reports/statistics/local_course.h"

namespace epochal::report {

/// Fewer epochs do not show the noise that a spike must exceed.
constexpr std::size_t kFewestEpochsForSpikes = 8;

/// A value that is much worse than the epochs around it make likely.
struct Spike {
  Epoch epoch = 0;
  double factor = 0;  ///< relative to the likely value
};

/// The worst values of a series against its own noise. A spike lasts one epoch.
///
/// An epoch's surprise is compared with the usual surprise of the series (see local_course.h) by
/// Student's t at the 5 % level, divided by the number of examined epochs. So a series without
/// spikes shows one in at most 5 % of the cases, however long it is. The first and the last epoch
/// are not examined.
class SpikeTest {
 public:
  /// None with too few epochs or values that are not finite.
  static std::optional<SpikeTest> of(const store::Series& series, Better better);

  /// Epochs that are worse by more than noise explains, and by at least the factor `height`.
  std::vector<Spike> spikes(double height) const;

  /// Whether the epoch was measured and is neither the first nor the last one.
  bool examines(Epoch epoch) const;

  /// Whether no epoch from `first` to `last` can have a spike of at least `height`, which is false
  /// of a spike of that height in at most `level` of the cases. False if the range has no examined
  /// epoch.
  bool excludes(double height, Epoch first, Epoch last, double level) const;

  /// The usual surprise, relative to the value if the series is positive.
  double noise() const { return noise_; }

 private:
  SpikeTest(Course course, Better better);

  double likely(std::size_t i) const;
  /// The surprise that makes a spike of this height.
  double needed(std::size_t i, double height) const;

  Course course_;
  Better better_;
  std::vector<double> worse_by_;  ///< surprises, positive if worse
  double noise_ = 0;
};

}  // namespace epochal::report
