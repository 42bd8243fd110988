// How often each kind of claim is judged wrongly, and how often rightly, by runs made with known
// numbers. A verdict is false if what it says is not so: at most 7 % may be, at the border of what
// the claim says, where it is hardest. Seeded, so that it is the same every time.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "reports/claims.h"
#include "tests/reports/golden_data.h"

namespace epochal::report {
namespace {

using golden::Values;

constexpr double kMostFalse = 0.07;

struct VerdictRates {
  double supported = 0;
  double refuted = 0;
};

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed, int trials = 1000) : random_(seed), trials_(trials) {}

  double noise(double deviation) { return deviation * normal_(random_); }

  VerdictRates rates(const Claim& claim, const std::function<std::vector<ReportedRun>()>& runs) {
    VerdictRates rates;
    for (int trial = 0; trial < trials_; ++trial) {
      ReportData data = golden::data_of(runs(), Better::lower);
      data.compare_by = "size";
      const Verdict verdict = judge(claim, data).verdict;
      if (verdict == Verdict::supported) rates.supported += 1.0 / trials_;
      if (verdict == Verdict::refuted) rates.refuted += 1.0 / trials_;
    }
    return rates;
  }

  /// A relative noise on each value, of which each resembles the one before by `likeness`.
  Values noisy(const Values& course, double deviation, double likeness = 0) {
    Values values;
    double now = noise(deviation);
    for (const double value : course) {
      values.push_back(value * std::exp(now));
      now = likeness * now + noise(deviation * std::sqrt(1 - likeness * likeness));
    }
    return values;
  }

 private:
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  int trials_;
};

Claim simulated_claim(Claim::Kind kind) {
  Claim claim;
  claim.kind = kind;
  claim.tolerance = 0.05;
  claim.height = 1.1;
  claim.at_most = 0.1;
  return claim;
}

void print(const char* what, const VerdictRates& rates) {
  std::printf("%s: supported %.1f %%, refuted %.1f %%\n", what, 100 * rates.supported,
              100 * rates.refuted);
}

/// Seeds of some sizes, whose last values have these means and a deviation of 1. `shared`: the
/// deviation of what a seed does at all sizes.
std::vector<ReportedRun> sizes_with(Simulation& simulation, const Values& means, std::size_t seeds,
                                    double shared = 0) {
  std::vector<double> of_seed;
  for (std::size_t seed = 0; seed < seeds; ++seed) of_seed.push_back(simulation.noise(shared));
  std::vector<ReportedRun> runs;
  for (std::size_t i = 0; i < means.size(); ++i) {
    for (std::size_t seed = 0; seed < seeds; ++seed) {
      runs.push_back(golden::sized('a', static_cast<std::int64_t>(10 * (i + 1)),
                                   shared > 0 ? seed : seed + 100 * i,
                                   {20 + means[i] + of_seed[seed] + simulation.noise(1)}));
    }
  }
  return runs;
}

TEST(ClaimsSimulation, DecreasesAndIncreases) {
  Simulation simulation(1);
  const Claim claim = simulated_claim(Claim::Kind::decreases);
  for (const double shared : {0.0, 2.0}) {
    const auto equal = simulation.rates(claim, [&] {
      return sizes_with(simulation, {0, 0, 0}, 3, shared);
    });
    print("decreases, equal", equal);
    EXPECT_LE(equal.supported + equal.refuted, kMostFalse);
    const auto clear = simulation.rates(claim, [&] {
      return sizes_with(simulation, {6, 3, 0}, 5, shared);
    });
    print("decreases by 3 deviations, 5 seeds", clear);
    EXPECT_GT(clear.supported, 0.5);
    EXPECT_LE(clear.refuted, 0.01);
  }
}

TEST(ClaimsSimulation, BetterThan) {
  Simulation simulation(11);
  Claim claim = simulated_claim(Claim::Kind::better_than);
  claim.value = std::int64_t{20};
  claim.than = std::int64_t{10};
  for (const double shared : {0.0, 2.0}) {
    for (const std::size_t seeds : {2U, 3U, 5U}) {
      const auto equal = simulation.rates(claim, [&] {
        return sizes_with(simulation, {0, 0}, seeds, shared);
      });
      print("better than, equal", equal);
      EXPECT_LE(equal.supported + equal.refuted, kMostFalse) << seeds;
    }
    const auto better = simulation.rates(claim, [&] {
      return sizes_with(simulation, {3, 0}, 5, shared);
    });
    print("better than by 3 deviations, 5 seeds", better);
    EXPECT_GT(better.supported, 0.8);
    EXPECT_LE(better.refuted, 0.01);
    const auto worse = simulation.rates(claim, [&] {
      return sizes_with(simulation, {0, 3}, 5, shared);
    });
    EXPECT_GT(worse.refuted, 0.8);
    EXPECT_LE(worse.supported, 0.01);
  }
}

TEST(ClaimsSimulation, EqualWithin) {
  Simulation simulation(2);
  Claim claim = simulated_claim(Claim::Kind::equal_within);
  claim.margin = 3;
  for (const std::size_t seeds : {3U, 5U}) {
    const auto at_border = simulation.rates(claim, [&] {
      return sizes_with(simulation, {3, 0}, seeds);
    });
    print("equal within, at its border", at_border);
    EXPECT_LE(at_border.supported, kMostFalse);
    EXPECT_LE(at_border.refuted, kMostFalse);
    const auto equal = simulation.rates(claim, [&] {
      return sizes_with(simulation, {0, 0}, seeds);
    });
    print("equal within, equal", equal);
    EXPECT_GT(equal.supported, seeds == 3 ? 0.4 : 0.9);
    EXPECT_LE(equal.refuted, 0.01);
    const auto unequal = simulation.rates(claim, [&] {
      return sizes_with(simulation, {9, 0}, seeds);
    });
    print("equal within, three margins apart", unequal);
    EXPECT_GT(unequal.refuted, 0.7);
  }
}

TEST(ClaimsSimulation, Ratio) {
  Simulation simulation(3);
  Claim claim = simulated_claim(Claim::Kind::ratio);
  claim.expected = 2;
  claim.tolerance = 0.25;
  const auto of_ratio = [&](double ratio, double deviation) {
    return simulation.rates(claim, [&, ratio, deviation] {
      std::vector<ReportedRun> runs;
      for (std::uint64_t seed = 0; seed < 4; ++seed) {
        runs.push_back(golden::sized('a', 10, seed, simulation.noisy({8 * ratio}, deviation)));
        runs.push_back(golden::sized('a', 20, seed, simulation.noisy({8}, deviation)));
      }
      return runs;
    });
  };
  const auto at_border = of_ratio(2.5, 0.05);
  print("ratio, at its border", at_border);
  EXPECT_LE(at_border.supported + at_border.refuted, kMostFalse);
  const auto inside = of_ratio(2, 0.05);
  print("ratio, inside", inside);
  EXPECT_GT(inside.supported, 0.6);
  EXPECT_GT(of_ratio(4, 0.05).refuted, 0.9);
}

TEST(ClaimsSimulation, PowerLaw) {
  Simulation simulation(4);
  Claim claim = simulated_claim(Claim::Kind::power_law);
  claim.expected = -0.5;
  claim.tolerance = 0.1;
  const auto of_law = [&](double exponent, double offset, double noise) {
    return simulation.rates(claim, [&, exponent, offset, noise] {
      std::vector<ReportedRun> runs;
      for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const double own = simulation.noise(0.05);  // of the seed at all sizes
        for (const std::int64_t size : {1, 10, 100, 1000}) {
          const double value = offset + 4 * std::pow(static_cast<double>(size), exponent + own);
          runs.push_back(golden::sized('a', size, seed, simulation.noisy({value}, noise)));
        }
      }
      return runs;
    });
  };
  const auto at_border = of_law(-0.6, 0, 0.05);
  print("power law, at its border", at_border);
  EXPECT_LE(at_border.supported + at_border.refuted, kMostFalse);
  const auto inside = of_law(-0.5, 0, 0.05);
  print("power law, inside", inside);
  EXPECT_LE(inside.refuted, 0.01);
  EXPECT_GT(inside.supported, 0.3);
  EXPECT_GT(of_law(-0.9, 0, 0.05).refuted, 0.9);
  const auto with_offset = of_law(-0.5, 0.5, 0.01);
  print("power law with an offset, inside", with_offset);
  EXPECT_LE(with_offset.refuted, kMostFalse);
}

/// Runs of 20 epochs that fall by `change` of their end over the last fifth.
std::vector<ReportedRun> ending_with_a_slope(Simulation& simulation, double change, double noise,
                                             std::size_t seeds, double likeness = 0) {
  Values course(20, 1);
  for (std::size_t i = 0; i < course.size(); ++i) {
    course[i] += change * (19 - static_cast<double>(i)) / 4;
  }
  std::vector<ReportedRun> runs;
  for (std::size_t seed = 0; seed < seeds; ++seed) {
    runs.push_back(golden::sized('a', 10, seed, simulation.noisy(course, noise, likeness)));
  }
  return runs;
}

TEST(ClaimsSimulation, ConvergedBy) {
  Simulation simulation(5);
  Claim claim = simulated_claim(Claim::Kind::converged_by);
  claim.epoch = 20;
  for (const std::size_t seeds : {1U, 3U}) {
    for (const double noise : {0.02, 0.03, 0.05}) {
      for (const double likeness : {0.0, 0.3}) {
        const auto flat = simulation.rates(
            claim, [&] { return ending_with_a_slope(simulation, 0, noise, seeds, likeness); });
        std::printf(
            "%zu seeds, %.0f %% noise, likeness %.1f: flat refuted %.1f %%, supported %.0f "
            "%%\n",
            seeds, 100 * noise, likeness, 100 * flat.refuted, 100 * flat.supported);
        EXPECT_LE(flat.refuted, kMostFalse);
        const auto at_border = simulation.rates(
            claim, [&] { return ending_with_a_slope(simulation, 0.05, noise, seeds, likeness); });
        EXPECT_LE(at_border.supported, kMostFalse);
        EXPECT_LE(at_border.refuted, kMostFalse + 0.01);
      }
    }
  }
  const auto flat =
      simulation.rates(claim, [&] { return ending_with_a_slope(simulation, 0, 0.01, 3); });
  print("converged, flat, 1 % noise, 3 seeds", flat);
  EXPECT_GT(flat.supported, 0.9);
  const auto falling =
      simulation.rates(claim, [&] { return ending_with_a_slope(simulation, 0.2, 0.02, 3); });
  print("converged, falling by 20 %, 2 % noise, 3 seeds", falling);
  EXPECT_GT(falling.refuted, 0.9);
}

Values falling_to_two(std::size_t epochs) {
  Values course;
  for (std::size_t t = 1; t <= epochs; ++t) {
    course.push_back(20 * std::exp(-static_cast<double>(t) / 3) + 2);
  }
  return course;
}

TEST(ClaimsSimulation, Spikes) {
  Simulation simulation(6);
  Claim claim = simulated_claim(Claim::Kind::spikes);
  const auto with_spike = [&](std::size_t epochs, double factor, double noise, double likeness) {
    return simulation.rates(claim, [&, epochs, factor, noise, likeness] {
      Values course = falling_to_two(epochs);
      course[11] *= factor;  // epoch 12
      return std::vector<ReportedRun>{
          golden::sized('a', 10, 1, simulation.noisy(course, noise, likeness))};
    });
  };
  for (const std::size_t epochs : {20U, 60U}) {
    for (const double noise : {0.02, 0.05}) {
      for (const double likeness : {0.0, 0.5}) {
        const auto none = with_spike(epochs, 1, noise, likeness);
        std::printf("%zu epochs, %.0f %% noise, likeness %.1f: spikes seen in none %.1f %%\n",
                    epochs, 100 * noise, likeness, 100 * none.supported);
        EXPECT_LE(none.supported, kMostFalse);
      }
    }
  }
  claim.epochs = {12};
  const auto just_high_enough = with_spike(20, 1.1, 0.02, 0);
  print("spikes, one of just the height", just_high_enough);
  EXPECT_LE(just_high_enough.refuted, kMostFalse);
  const auto high = with_spike(20, 1.4, 0.03, 0);
  print("spikes, one of 1.4 in 3 % noise", high);
  EXPECT_GT(high.supported, 0.8);
  const auto none = with_spike(20, 1, 0.02, 0);
  print("spikes, none in 2 % noise", none);
  EXPECT_GT(none.refuted, 0.4);
}

TEST(ClaimsSimulation, Settled) {
  Simulation simulation(7);
  Claim claim = simulated_claim(Claim::Kind::settled);
  const auto by = [&](Epoch epoch, double noise, std::size_t seeds) {
    claim.epoch = epoch;
    return simulation.rates(claim, [&, noise, seeds] {
      std::vector<ReportedRun> runs;
      for (std::size_t seed = 0; seed < seeds; ++seed) {
        runs.push_back(golden::sized('a', 10, seed, simulation.noisy(falling_to_two(40), noise)));
      }
      return runs;
    });
  };
  // 20 exp(-t/3) + 2 is within a tenth of its end from epoch 14 on.
  for (const std::size_t seeds : {1U, 3U}) {
    for (const double noise : {0.01, 0.03}) {
      const auto true_claim = by(14, noise, seeds);
      const auto false_claim = by(13, noise, seeds);
      std::printf(
          "settled, %zu seeds, %.0f %% noise: true refuted %.1f %%, false supported %.1f "
          "%%\n",
          seeds, 100 * noise, 100 * true_claim.refuted, 100 * false_claim.supported);
      EXPECT_LE(true_claim.refuted, kMostFalse);
      EXPECT_LE(false_claim.supported, kMostFalse);
    }
    EXPECT_GT(by(17, 0.01, seeds).supported, 0.9);
    EXPECT_GT(by(10, 0.01, seeds).refuted, 0.9);
  }
}

TEST(ClaimsSimulation, SettlingFasterIsComparedBetweenSizes) {
  Simulation simulation(8);
  Claim claim = simulated_claim(Claim::Kind::decreases);
  claim.statistic = Claim::Statistic::settled;
  const auto equal = simulation.rates(claim, [&] {
    std::vector<ReportedRun> runs;
    for (const std::int64_t size : {10, 20}) {
      for (std::uint64_t seed = 0; seed < 3; ++seed) {
        runs.push_back(golden::sized('a', size, seed, simulation.noisy(falling_to_two(20), 0.02)));
      }
    }
    return runs;
  });
  print("settled faster, equal", equal);
  EXPECT_LE(equal.supported + equal.refuted, kMostFalse);
}

/// Runs whose validation ends `gap` above training, over all pictures that there are. Each seed and
/// each of 24 pictures has a deviation of its own.
std::vector<ReportedRun> runs_with_gap(Simulation& simulation, double gap, std::size_t seeds,
                                       double of_seeds, double of_pictures) {
  constexpr std::size_t kPictures = 24;
  Values pictures;
  for (std::size_t i = 0; i < kPictures; ++i) pictures.push_back(simulation.noise(of_pictures));
  std::vector<ReportedRun> runs;
  for (std::size_t seed = 0; seed < seeds; ++seed) {
    const double own = simulation.noise(of_seeds);
    ValidationSamples samples;
    samples.set = "pictures";
    double mean = 0;
    for (const double picture : pictures) {
      const double value = 1 + gap + own + picture + simulation.noise(0.05);
      samples.values["val.total"].push_back(value);
      mean += value / kPictures;
    }
    runs.push_back(golden::sized('a', 10, seed, {mean}, {1}));
    runs.back().validation[1] = std::move(samples);
  }
  return runs;
}

TEST(ClaimsSimulation, Gap) {
  Simulation simulation(9);
  const Claim claim = simulated_claim(Claim::Kind::gap);
  for (const auto& [seeds, of_seeds, of_pictures] :
       {std::tuple{1, 0.0, 0.2}, {3, 0.02, 0.2}, {3, 0.05, 0.05}, {5, 0.05, 0.2}}) {
    const auto at_border = simulation.rates(claim, [&, s = seeds, a = of_seeds, b = of_pictures] {
      return runs_with_gap(simulation, 0.1, static_cast<std::size_t>(s), a, b);
    });
    print("gap, at its border", at_border);
    EXPECT_LE(at_border.supported + at_border.refuted, kMostFalse);
  }
  const auto small =
      simulation.rates(claim, [&] { return runs_with_gap(simulation, -0.05, 3, 0.02, 0.1); });
  print("gap, 15 points below", small);
  EXPECT_GT(small.supported, 0.9);
}

TEST(ClaimsSimulation, OnPicturesThatAreTheSame) {
  // Two settings that are equal over all pictures, measured on the same 16.
  Simulation simulation(10);
  const Claim claim = simulated_claim(Claim::Kind::decreases);
  const auto compared = [&](double effect) {
    return simulation.rates(claim, [&, effect] {
      constexpr std::size_t kPictures = 16;
      std::vector<ReportedRun> runs;
      Values common;
      for (std::size_t i = 0; i < kPictures; ++i) common.push_back(simulation.noise(1));
      for (const std::int64_t size : {10, 20}) {
        Values own;  // how hard each picture is for this setting
        for (std::size_t i = 0; i < kPictures; ++i) own.push_back(simulation.noise(0.1));
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
          const double of_seed = simulation.noise(0.02);
          ValidationSamples samples;
          samples.set = "pictures";
          double mean = 0;
          for (std::size_t i = 0; i < kPictures; ++i) {
            const double value = 9 + common[i] + own[i] + of_seed + (size == 10 ? effect : 0) +
                                 simulation.noise(0.02);
            samples.values["val.total"].push_back(value);
            mean += value / kPictures;
          }
          runs.push_back(golden::sized('a', size, seed, {mean}));
          runs.back().validation[1] = std::move(samples);
        }
      }
      return runs;
    });
  };
  const auto equal = compared(0);
  print("decreases on the same pictures, equal", equal);
  EXPECT_LE(equal.supported + equal.refuted, kMostFalse);
  EXPECT_GT(compared(0.2).supported, 0.8);
}

}  // namespace
}  // namespace epochal::report
