#pragma once

#include <cstddef>
#include <vector>

#include "framework/base/keyed_random.h"
#include "framework/search/search_space.h"

namespace epochal::search {

/// A probability density over a search space: a mixture of one kernel for each observation and one
/// for the prior. A kernel is the product of a truncated normal distribution for each number and a
/// distribution over the choices of each category (Bergstra et al., "Algorithms for
/// Hyper-Parameter Optimization", 2011, section 4; one mixture of products over all dimensions as
/// in Falkner et al., "BOHB", 2018, section 3.2).
///
/// - Numbers: a kernel is as wide as the larger distance to its two neighbours, and no narrower
///   than 1/min(5, 1 + kernels)² of the range: the "magic clipping" of Watanabe, "Tree-Structured
///   Parzen Estimator", 2023, section 3.3.2, with its exponent of 2.
/// - Categories: 1 for the observed choice and 1/kernels for each choice, normalised.
/// - The prior: centred and as wide as the range; uniform over choices.
/// - A dimension that an observation does not have: uniform.
///
/// Densities of numbers are over the unit interval of SearchSpace; that of an integer is the
/// probability of its interval.
class ParzenEstimator {
 public:
  /// `weights`: one for each observation, positive; the prior's is 1. The space outlives this.
  ParzenEstimator(const SearchSpace& space, const std::vector<Point>& observations,
                  const std::vector<double>& weights);

  Point sample(KeyedRandom& random) const;

  /// The logarithm of the density over the dimensions that the point has.
  double log_density(const Point& point) const;

 private:
  /// One dimension of one kernel.
  struct Factor {
    bool is_uniform = true;
    double centre = 0;    ///< a number's place, or a choice
    double width = 0;     ///< of a number
    double log_norm = 0;  ///< of a number: what makes the density integrate to 1
  };
  /// The logarithms of a category's probabilities in one kernel.
  struct ChoiceDensity {
    double observed = 0;
    double other = 0;
  };

  void add_weights(const std::vector<double>& weights);
  void add_numbers(std::size_t dimension, const std::vector<Point>& observations);
  void add_choices(std::size_t dimension, const std::vector<Point>& observations);
  double sample_value(std::size_t dimension, const Factor& factor, KeyedRandom& random) const;
  void add_log_numbers(std::size_t dimension, double value, std::vector<double>& logs) const;
  void add_log_integers(std::size_t dimension, double value, std::vector<double>& logs) const;
  void add_log_choices(std::size_t dimension, double value, std::vector<double>& logs) const;

  const SearchSpace& space_;
  std::vector<double> cumulative_;            ///< weights of kernels up to each, the last one 1
  std::vector<double> log_weights_;           ///< the prior's is the last
  std::vector<std::vector<Factor>> factors_;  ///< by dimension, then kernel
  std::vector<ChoiceDensity> choices_;        ///< by dimension
};

}  // namespace epochal::search
