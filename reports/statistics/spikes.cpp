// Spikes of a series against its own noise.

#include "reports/statistics/spikes.h"

#include <algorithm>
#include <cmath>

#include "reports/statistics/student.h"

namespace epochal::report {
namespace {

constexpr double kSpikeLevel = 0.05;

}  // namespace

SpikeTest::SpikeTest(Course course, Better better)
    : course_(std::move(course)), better_(better), worse_by_(surprises(course_)) {
  noise_ = usual_surprise(worse_by_);
  if (better_ == Better::higher) {
    for (double& surprise : worse_by_) surprise = -surprise;
  }
}

std::optional<SpikeTest> SpikeTest::of(const store::Series& series, Better better) {
  auto course = course_of(series, kFewestEpochsForSpikes);
  if (!course) return std::nullopt;
  return SpikeTest(*std::move(course), better);
}

double SpikeTest::likely(std::size_t i) const {
  return better_ == Better::higher ? course_.values[i] + worse_by_[i]
                                   : course_.values[i] - worse_by_[i];
}

double SpikeTest::needed(std::size_t i, double height) const {
  if (course_.is_logarithmic) return std::log(height);
  const double share = better_ == Better::higher ? 1 - 1 / height : height - 1;
  return share * std::abs(likely(i));
}

std::vector<Spike> SpikeTest::spikes(double height) const {
  const auto examined = static_cast<double>(course_.values.size() - 2);
  const double limit =
      noise_ * student_quantile(1 - kSpikeLevel / examined, degrees_of_course(course_));
  std::vector<Spike> found;
  for (std::size_t i = 1; i + 1 < worse_by_.size(); ++i) {
    if (!(worse_by_[i] > limit && worse_by_[i] >= needed(i, height))) continue;
    const double factor = course_.is_logarithmic ? std::exp(course_.values[i] - likely(i))
                                                 : course_.values[i] / likely(i);
    found.push_back({course_.epochs[i], factor});
  }
  return found;
}

bool SpikeTest::examines(Epoch epoch) const {
  return std::find(course_.epochs.begin() + 1, course_.epochs.end() - 1, epoch) !=
         course_.epochs.end() - 1;
}

bool SpikeTest::excludes(double height, Epoch first, Epoch last, double level) const {
  // Half of the level: the usual surprise of a few epochs is itself uncertain.
  const double reach = noise_ * student_quantile(1 - level / 2, degrees_of_course(course_));
  bool has_examined = false;
  for (std::size_t i = 1; i + 1 < worse_by_.size(); ++i) {
    if (course_.epochs[i] < first || course_.epochs[i] > last) continue;
    if (worse_by_[i] + reach >= needed(i, height)) return false;
    has_examined = true;
  }
  return has_examined;
}

}  // namespace epochal::report
