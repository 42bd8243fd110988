#pragma once

// Small records of odd, distinct numbers, whose reports the golden tests work out by hand.

#include <array>
#include <string>
#include <vector>

#include "reports/report_data.h"
#include "tests/reports/reported_series.h"

namespace epochal::report::golden {

using Values = std::vector<double>;

inline store::Declarations declared(std::optional<Better> better,
                                    std::set<std::string> meaning = {}) {
  return store::Declarations({{"study",
                               1,
                               {{"val.total", better, "", ""}, {"train.total", better, "", ""}},
                               better ? "val.total" : "",
                               std::move(meaning)}});
}

/// A finished run of one epoch a value. Its identity is a letter ten times and more.
inline ReportedRun run_of(char letter, const std::string& setting, std::uint64_t seed,
                          const Values& validation, const Values& training = {}) {
  ReportedRun run;
  run.run.identity = std::string(64, letter);
  run.run.group_identity = run.setting = setting;
  run.run.experiment = "study";
  run.run.experiment_version = 1;
  run.run.seed = seed;
  run.run.status = store::RunStatus::finished;
  run.label = setting + ", seed " + std::to_string(seed);
  set_series(run, validation, training);
  return run;
}

/// The same of one compared parameter: "size 10".
inline ReportedRun sized(char letter, std::int64_t size, std::uint64_t seed,
                         const Values& validation, const Values& training = {}) {
  ReportedRun run = run_of(letter, "size " + std::to_string(size), seed, validation, training);
  run.run.parameters.set("size", size);
  return run;
}

inline void set_costs(ReportedRun& run, const Values& seconds, const Values& training,
                      const Values& waiting) {
  const std::int64_t size = run.run.parameters.integer("size");
  for (std::size_t i = 0; i < run.epochs.size(); ++i) {
    store::EpochRecord& epoch = run.epochs[i];
    epoch.seconds = Seconds(seconds[i]);
    epoch.train_seconds = Seconds(training[i]);
    epoch.data_wait_seconds = Seconds(waiting[i]);
    epoch.samples = size + (i == 2 ? 1 : 0);
    run.run.trained += epoch.seconds;
  }
}

inline void set_memory(ReportedRun& run, const std::vector<Bytes>& host) {
  for (std::size_t i = 0; i < host.size(); ++i) run.epochs[i].peak_host_memory = host[i];
}

inline void set_use(ReportedRun& run, std::optional<double> store::EpochRecord::*use,
                    const Values& values) {
  for (std::size_t i = 0; i < values.size(); ++i) run.epochs[i].*use = values[i];
}

inline store::AttemptRecord attempt_on(const std::string& host, const std::string& device,
                                       int threads, Epoch first, Epoch last) {
  store::AttemptRecord attempt;
  attempt.host.name = host;
  attempt.host.cpu = "Xeon";
  attempt.host.cores = 8;
  attempt.host.memory_bytes = 64'300'000'000;
  attempt.host.os = "Debian";
  attempt.libraries = {{"torch", "2.1"}};
  if (host == "beta") {
    attempt.host.cores = 16;
    attempt.host.memory_bytes = 128'700'000'000;
    attempt.host.gpu = "GTX";
    attempt.host.gpu_memory_bytes = 8'100'000'000;
    attempt.host.gpu_driver = "535";
  }
  attempt.device = device;
  attempt.threads = threads;
  attempt.first_epoch = first;
  attempt.last_epoch = last;
  return attempt;
}

inline ReportData data_of(std::vector<ReportedRun> runs, std::optional<Better> better) {
  ReportData data;
  data.sample_word = "images";
  data.title = data.experiment = "study";
  data.runs = std::move(runs);
  data.metrics = {"val.total", "train.total"};
  data.main_metric = "val.total";
  data.claimed_metric = "val.total";
  data.declarations = declared(better);
  return data;
}

/// The same of runs that are compared by their size.
inline ReportData of_sizes(std::vector<ReportedRun> runs, std::optional<Better> better) {
  ReportData data = data_of(std::move(runs), better);
  data.compare_by = "size";
  data.varying = {"size"};
  return data;
}

/// Two seeds of size 10 and three of size 30, of which one is not finished.
inline ReportData study(std::optional<Better> better) {
  ReportedRun a = sized('a', 10, 1, {8, 7, 3}, {4, 2.8, 1.5});
  ReportedRun b = sized('b', 10, 2, {12, 6, 4.5}, {3, 4, 3.6});
  ReportedRun c = sized('c', 30, 1, {6, 1.25, 1.75}, {4, 5, 2.5});
  ReportedRun d = sized('d', 30, 2, {7, 3.5}, {2, 1.4});
  ReportedRun e = sized('e', 30, 3, {5, 2.5, 2.25}, {1, 2, 3});
  d.run.epochs = 3;
  d.run.status = store::RunStatus::interrupted;
  set_costs(a, {2, 3, 5}, {1.6, 2.5, 4.4}, {0.1, 0.2, 0.55});
  set_costs(b, {1, 4, 6}, {0.8, 3.2, 5.5}, {0.19, 0.38, 0.57});
  set_costs(c, {7, 8, 9}, {6, 7.5, 6.2}, {1, 1.5, 1.44});
  set_costs(d, {20, 30}, {16, 24}, {6, 8});
  set_costs(e, {3, 4, 6}, {2.5, 3, 3.6}, {0.1, 0.2, 0.155});
  set_memory(a, {3'500'000, 7'300'000, 5'000'000});
  set_memory(b, {2'500'000, 9'100'000, 4'000'000});
  set_memory(c, {11'000'000, 8'000'000, 6'000'000});
  set_memory(e, {13'000'000, 9'000'000, 10'000'000});
  c.epochs[0].peak_device_memory = 1'500'000'000;
  c.epochs[1].peak_device_memory = 2'500'000'000;
  c.epochs[2].peak_device_memory = 2'000'000'000;
  set_use(a, &store::EpochRecord::cpu_use, {0.5, 0.6, 0.7});
  set_use(b, &store::EpochRecord::cpu_use, {0.7, 0.9, 0.8});
  set_use(c, &store::EpochRecord::gpu_use, {0.1, 0.3, 0.2});
  a.attempts = {attempt_on("alpha", "cpu", 4, 1, 3)};
  b.attempts = {attempt_on("alpha", "cpu", 4, 1, 1), attempt_on("beta", "cuda:0", 6, 2, 3)};
  c.attempts = {attempt_on("alpha", "cpu", 5, 1, 2), attempt_on("alpha", "cuda:0", 5, 3, 3)};
  d.attempts = {attempt_on("alpha", "cpu", 3, 1, 1), attempt_on("beta", "cpu", 3, 2, 2)};
  e.attempts = {attempt_on("alpha", "cpu", 7, 1, 1), attempt_on("alpha", "cpu", 7, 2, 3)};
  c.colour = d.colour = e.colour = 1;
  ReportData data = of_sizes({a, b, c, d, e}, better);
  data.settings = {{"size 10", {0, 1}}, {"size 30", {2, 3, 4}}};
  return data;
}

/// The study, and once more with ten times the validation in twice the time, at another gamma,
/// which changes what val.total means.
inline ReportData of_two_gammas(std::optional<Better> better) {
  ReportData data = study(better);
  const std::size_t count = data.runs.size();
  for (std::size_t i = 0; i < count; ++i) {
    ReportedRun run = data.runs[i];
    run.run.identity = std::string(64, static_cast<char>('k' + i));
    for (store::SeriesPoint& point : run.metrics["val.total"]) point.value *= 10;
    run.run.trained *= 2;
    data.runs.push_back(run);
  }
  for (std::size_t i = 0; i < data.runs.size(); ++i) {
    ReportedRun& run = data.runs[i];
    const std::int64_t gamma = i < count ? 1 : 7;
    run.run.parameters.set("gamma", gamma);
    run.setting += ", gamma " + std::to_string(gamma);
    run.run.group_identity = run.setting;
    run.label = run.setting + ", seed " + std::to_string(run.run.seed);
    if (gamma == 7) run.colour += 2;
  }
  data.varying = {"gamma", "size"};
  data.settings.clear();
  data.declarations = declared(better, {"gamma"});
  return data;
}

/// Sizes whose seeds, from this one on, end at these values.
inline ReportData ending(const std::vector<Values>& ends, const std::vector<std::uint64_t>& seeds,
                         std::optional<Better> better) {
  std::vector<ReportedRun> runs;
  for (std::size_t level = 0; level < ends.size(); ++level) {
    for (std::size_t i = 0; i < ends[level].size(); ++i) {
      const auto size = static_cast<std::int64_t>(10 * (level + 1));
      runs.push_back(sized(static_cast<char>('a' + runs.size()), size, seeds[level] + i,
                           {20, ends[level][i]}));
    }
  }
  return of_sizes(std::move(runs), better);
}

inline const Values kWorst{9, 8, 10.5};
inline const Values kNext{5.2, 4.1, 4.9};
inline const Values kBest{3.1, 2.7, 2.95};

/// Finished runs of two parameters, one epoch each: depth, width and value.
inline ReportData grid(const std::vector<std::array<double, 3>>& points,
                       std::optional<Better> better) {
  std::vector<ReportedRun> runs;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& [depth, width, value] = points[i];
    ReportedRun run = run_of('a', std::to_string(i), 1, {value});
    run.run.parameters.set("depth", depth);
    run.run.parameters.set("width", static_cast<std::int64_t>(width));
    run.colour = static_cast<int>(i);
    runs.push_back(run);
  }
  ReportData data = data_of(std::move(runs), better);
  data.varying = {"depth", "width"};
  return data;
}

/// Four depths and three widths. The value is 1 + 2 for each step of depth + 3 for each of width.
inline ReportData full_grid(std::optional<Better> better, double of_depth = 2,
                            double of_width = 3) {
  std::vector<std::array<double, 3>> points;
  for (int width = 0; width < 3; ++width) {
    for (int depth = 0; depth < 4; ++depth) {
      points.push_back({5.0 + depth, 1.0 + 2 * width, 1 + of_depth * depth + of_width * width});
    }
  }
  return grid(points, better);
}

}  // namespace epochal::report::golden
